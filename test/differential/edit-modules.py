"""Runs ansible.builtin.{lineinfile,blockinfile,replace} on texts: cases as JSON on stdin, results as JSON on stdout."""
import base64
import importlib
import io
import json
import os
import sys
import tempfile

from ansible.module_utils import basic


def run(case, root):
    path = os.path.join(root, 'file')
    if os.path.exists(path):
        os.unlink(path)
    if case['text'] is not None:
        with open(path, 'wb') as file:
            file.write(base64.b64decode(case['text']))
    args = dict(case['args'], path=path)
    basic._ANSIBLE_ARGS = json.dumps({'ANSIBLE_MODULE_ARGS': args}).encode()
    module = importlib.import_module('ansible.modules.' + case['module'])
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        module.main()
    except SystemExit:
        pass
    except Exception as error:  # a bug of the module: Ansible would show a traceback
        print(json.dumps({'failed': True, 'msg': 'exception: %r' % error}))
    finally:
        printed, sys.stdout = sys.stdout.getvalue(), out
    result = json.loads(printed)
    after = None
    if os.path.exists(path):
        with open(path, 'rb') as file:
            after = base64.b64encode(file.read()).decode()
    return {'changed': result.get('changed', False), 'failed': result.get('failed', False),
            'msg': result.get('msg', '').replace(path, '{path}'), 'after': after}


with tempfile.TemporaryDirectory() as root:
    print(json.dumps([run(case, root) for case in json.load(sys.stdin)]))
