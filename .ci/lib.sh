# Helpers of .ci/run: stages, their wall times, and one count of tests over all of them. Sourced by bash.
# shellcheck shell=bash

passed=0
failed=0
report=()
results=$(mktemp -d)
current=
trap 'rm -rf "$results"' EXIT
# A stage is a process group of its own: who stops the run stops it too.
trap '[ -z "$current" ] || kill "$current"; exit 143' TERM HUP
trap '[ -z "$current" ] || kill "$current"; exit 130' INT

# stage NAME LIMIT COMMAND...: runs the command without input, for LIMIT seconds at most. A stage that fails counts as one failure.
stage() {
  local name=$1 status=0 began=$SECONDS
  attempt "$@" || status=$?
  [ "$status" -eq 0 ] || failed=$((failed + 1))
  note_stage "$name" "$began" "$status"
}

# jest_stage NAME LIMIT SCRIPT: runs an npm script that is Jest, and counts its tests. A skipped test is a failed one.
jest_stage() {
  local name=$1 limit=$2 script=$3 status=0 began=$SECONDS good bad
  attempt "$name" "$limit" npm run --silent "$script" -- --json --outputFile="$results/$name.json" || status=$?
  read -r good bad < <(node .ci/count-tests.js "$results/$name.json" "$status")
  passed=$((passed + good))
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || [ "$status" -ne 0 ] || status=1
  note_stage "$name" "$began" "$status" ", $good passed, $bad failed"
}

attempt() { # name, limit, command...
  local name=$1 limit=$2
  shift 2
  printf '\n=== %s: %s\n' "$name" "$*"
  timeout --kill-after=30 "$limit" "$@" </dev/null &
  current=$!
  wait "$current"
  local status=$?
  current=
  return "$status"
}

note_stage() { # name, when it began, status, more
  local word=ok
  [ "$3" -eq 0 ] || word="FAILED ($3)"
  report+=("$(printf '%-14s %5d s  %s%s' "$1" "$((SECONDS - $2))" "$word" "${4-}")")
  printf '=== %s\n' "${report[-1]}"
}

# finish: the table of stages, then the count alone on the last line; the status says whether all went well.
finish() {
  printf '\n'
  printf '%s\n' "${report[@]}"
  printf '%-14s %5d s\n\n%d passed, %d failed\n' total "$SECONDS" "$passed" "$failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
