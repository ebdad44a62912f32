import { type Script, sh } from '../../../shared/sh.ts';
import type { PackageRequest } from './request.ts';

/**
 * Sets `kp_manager`: apt, dnf5, dnf, yum, or another word where kprep knows no way. The distribution decides and not what
 * happens to be installed (a Debian may have dnf, a Fedora may have apt-get).
 */
export function detectScript(request: PackageRequest): Script {
  if (request.manager === 'apt') {
    return sh`kp_manager=none; if command -v apt-get >/dev/null 2>&1; then kp_manager=apt; fi`;
  }
  if (request.backend) {
    return sh`${{ script: RPM }}
kp_manager=none; if command -v ${request.backend} >/dev/null 2>&1; then kp_rpm; fi
if [ ${request.backend} = dnf5 ] && command -v dnf5 >/dev/null 2>&1; then kp_manager=dnf5; fi`;
  }
  if (request.manager === 'rpm')
    return sh`${{ script: RPM }}
kp_rpm`;
  return sh`${{ script: RPM }}
kp_ids=" $(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' /etc/os-release 2>/dev/null | tr -d \"\' | tr '\n' ' ') "
case $kp_ids in
  *" debian "*|*" ubuntu "*) kp_manager=apt ;;
  *" fedora "*|*" rhel "*|*" centos "*|*" amzn "*|*" mariner "*|*" openEuler "*|*" anolis "*) kp_rpm ;;
  *" suse "*|*" opensuse "*|*" sles "*) kp_manager=zypper ;;
  *" alpine "*) kp_manager=apk ;;
  *" arch "*) kp_manager=pacman ;;
  *) if command -v apt-get >/dev/null 2>&1; then kp_manager=apt; else kp_rpm; fi ;;
esac
if [ "$kp_manager" = apt ] && ! command -v apt-get >/dev/null 2>&1; then kp_manager=none; fi`;
}

/** `dnf` and `yum` are often links to the next generation. */
const RPM: Script = sh`kp_rpm() {
  kp_manager=none
  for kp_p in dnf5 dnf yum; do
    command -v "$kp_p" >/dev/null 2>&1 || continue
    kp_real=$(readlink -f "$(command -v "$kp_p")" 2>/dev/null)
    case \${kp_real##*/} in
      dnf5*) kp_manager=dnf5 ;;
      dnf*) kp_manager=dnf ;;
      *) kp_manager=$kp_p ;;
    esac
    return 0
  done
}`;
