# Sourced by the scripts beside it, which set `here`. They work in the current folder, a checkout,
# and leave what they make below $CI_OUT/<stack>.
set -eu
umask 077
# Some jobs need no more than Python itself, and get no more.
if [ -d "$here/../.venv/bin" ]; then PATH=$(cd "$here/../.venv/bin" && pwd):$PATH; fi
PULUMI_PYTHON_CMD=$(command -v python3)
# The engine counts its event log among the aids for debugging.
PULUMI_DEBUG_COMMANDS=true
PULUMI_SKIP_UPDATE_CHECK=true
CI_OUT=${CI_OUT:-.lab/ci}
export PATH PULUMI_PYTHON_CMD PULUMI_DEBUG_COMMANDS PULUMI_SKIP_UPDATE_CHECK CI_OUT

# Only for the steps: what the engine starts has no business here.
step() {
  module=$1
  shift
  PYTHONPATH=$here python3 -m "steps.$module" "$@"
}

# Policies with the settings of the environment, where it has some.
policies() {
  printf '%s\n' --policy-pack "$here/../policies/serve"
  if [ -f "policies/$1.json" ]; then printf '%s\n' --policy-pack-config "policies/$1.json"; fi
}
