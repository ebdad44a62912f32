"""Answers for the differential tests, from Ansible's own code and Python's: one JSON request on stdin, one answer on stdout."""
import ast
import json
import math
import os
import shlex
import sys


def tag(value):
    if isinstance(value, bool) or value is None:
        return value
    if type(value).__name__ == 'AnsibleVaultEncryptedUnicode':
        return {'vault': value._ciphertext.decode()}
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return {'int': str(value)}
    if isinstance(value, float):
        return {'float': value.hex() if math.isfinite(value) else str(value)}
    if isinstance(value, (list, tuple)):
        return [tag(item) for item in value]
    if isinstance(value, set):
        return {'set': sorted((tag(item) for item in value), key=repr)}
    if isinstance(value, dict):
        return {'map': [[key.decode() if isinstance(key, bytes) else str(key), tag(item)] for key, item in value.items()]}
    raise ValueError(type(value))


def literal(text):
    """As InventoryModule._parse_value, but for what a playbook cannot hold."""
    try:
        return {'value': tag(ast.literal_eval(text))}
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError, UnicodeDecodeError):
        return {'text': True}


def words(line):
    try:
        return {'words': shlex.split(line, comments=True)}
    except ValueError:
        return {'error': True}


def inventory(request):
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    from ansible.vars.plugins import get_vars_from_inventory_sources
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=request['sources'])

    for name, groups in request.get('addHosts', []):
        manager.add_dynamic_host({'host_name': name, 'groups': groups, 'host_vars': {'added': True}}, {})
    for host, group in request.get('groupBy', []):
        manager.add_dynamic_group(manager.get_host(host), {'add_group': group, 'parent_groups': []})

    def files(entity):
        return tag(get_vars_from_inventory_sources(loader, request['sources'], [entity], 'all'))['map']

    order = sorted(manager.groups.values(), key=lambda g: (g.depth, g.priority, g.name))
    rank = {group.name: index for index, group in enumerate(order)}
    hosts = [{'name': host.name, 'vars': tag(host.vars)['map'], 'files': files(host),
              'groups': sorted({group.name for group in host.groups}, key=rank.get)}
             for host in manager.hosts.values()]
    groups = [{'name': group.name, 'vars': tag(group.vars)['map'], 'files': files(group),
               'children': [child.name for child in group.child_groups],
               'directHosts': [host.name for host in group.hosts],
               'hosts': [host.name for host in group.get_hosts()],
               'depth': group.depth, 'priority': group.priority}
              for group in manager.groups.values()]
    return {'hosts': hosts, 'groups': groups, 'patterns': [matches(manager, p) for p in request.get('patterns', [])]}


def matches(manager, pattern):
    from ansible.errors import AnsibleError
    try:
        return [host.name for host in manager.get_hosts(pattern)]
    except AnsibleError:
        return None


def main():
    request = json.load(sys.stdin)
    answer = {}
    if 'literals' in request:
        answer['literals'] = [literal(text) for text in request['literals']]
    if 'lines' in request:
        answer['lines'] = [words(line) for line in request['lines']]
    if 'inventories' in request:
        os.environ['ANSIBLE_LOCALHOST_WARNING'] = 'False'
        answer['inventories'] = [inventory(one) for one in request['inventories']]
    json.dump(answer, sys.stdout)


main()
