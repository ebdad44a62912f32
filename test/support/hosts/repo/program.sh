#!/bin/sh
# Stands for @NAME@ on a test host: it knows its version and nothing else.
case "${1-} ${2-} ${3-}" in
  'version -o short ' | 'version -o short') echo 'v@VERSION@' ;;
  'version --client '*) echo 'Client Version: v@VERSION@' ;;
  'version '* | '--version '*) echo '@NAME@ version: &version.Info{GitVersion:"v@VERSION@"}' ;;
  *)
    echo '@NAME@: a test package; only "version" is answered' >&2
    exit 1
    ;;
esac
