#!/bin/sh
# Builds the package repositories of the test hosts: build.sh DIRECTORY. Needs dpkg-deb, apt-ftparchive, rpmbuild, createrepo_c, gpg.
# Small packages under the names and versions of pkgs.k8s.io, signed with a throw-away key: DIRECTORY/deb, DIRECTORY/rpm, DIRECTORY/key.asc.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
work=$(mktemp -d)
# rpm keeps a database and gpg its keys in the home directory.
export HOME="$work" GNUPGHOME="$work/gnupg"
# The agent of the throw-away key ends with its directory.
trap 'gpgconf --kill all; rm -rf "$work"' EXIT
mkdir -m 0700 "$GNUPGHOME"
mkdir -p "$out/deb" "$out/rpm"
gpg --batch --quiet --passphrase '' --quick-generate-key 'kprep test packages <packages@test.invalid>' rsa2048 sign never 2>/dev/null
gpg --batch --armor --export >"$out/key.asc"

tree() { # package, version -> files under $work/tree
  rm -rf "$work/tree"
  mkdir -p "$work/tree/usr/bin" "$work/tree/usr/share/doc/$1"
  echo "kprep test package $1 $2" >"$work/tree/usr/share/doc/$1/README"
  case $1 in
    kubeadm | kubectl | crictl) program=$1 ;;
    cri-tools) program=crictl ;;
    *) program= ;;
  esac
  [ -z "$program" ] || sed -e "s/@NAME@/$program/" -e "s/@VERSION@/$2/" "$here/program.sh" >"$work/tree/usr/bin/$program"
  if [ "$1" = kubelet ]; then
    sed "s/@VERSION@/$2/" "$here/kubelet.sh" >"$work/tree/usr/bin/kubelet"
    mkdir -p "$work/tree/usr/lib/systemd/system/kubelet.service.d" "$work/tree/var/lib/kubelet" "$work/tree/etc/kubernetes/manifests"
    cp "$here/kubelet.service" "$work/tree/usr/lib/systemd/system/"
    cp "$here/10-kubeadm.conf" "$work/tree/usr/lib/systemd/system/kubelet.service.d/"
  fi
  [ "$1" != kubernetes-cni ] || mkdir -p "$work/tree/opt/cni/bin"
  chmod -R u=rwX,go=rX "$work/tree"
  find "$work/tree/usr/bin" -type f -exec chmod 0755 {} +
}

# shellcheck disable=SC2016 # they expand on the host
script_of() { # package -> its script after installation, or nothing
  case $1 in
    # Runs until somebody lets it go, so that a test can interrupt a transaction at a known point.
    kprep-slow) echo 'i=0; : >/run/kprep-slow.started; while [ ! -e /run/kprep-slow.go ] && [ "$i" -lt 300 ]; do sleep 0.2; i=$((i+1)); done' ;;
    kprep-broken) echo 'echo "kprep-broken: this package never installs" >&2; exit 1' ;;
  esac
}

depends_of() {
  case $1 in
    kubeadm) echo cri-tools ;;
    kubelet) echo kubernetes-cni ;;
  esac
}

deb() { # package, version, revision
  tree "$1" "$2"
  mkdir "$work/tree/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s-%s\nArchitecture: amd64\nMaintainer: kprep tests <packages@test.invalid>\nDescription: %s for tests\n' "$1" "$2" "$3" "$1"
    [ -z "$(depends_of "$1")" ] || printf 'Depends: %s\n' "$(depends_of "$1")"
  } >"$work/tree/DEBIAN/control"
  script=$(script_of "$1")
  if [ -n "$script" ]; then
    printf '#!/bin/sh\nset -e\n%s\n' "$script" >"$work/tree/DEBIAN/postinst"
    chmod 0755 "$work/tree/DEBIAN/postinst"
  fi
  dpkg-deb --root-owner-group -Znone --build "$work/tree" "$out/deb/${1}_${2}-${3}_amd64.deb" >/dev/null
}

rpm_of() { # package, version, release
  tree "$1" "$2"
  {
    printf 'Name: %s\nVersion: %s\nRelease: %s\nSummary: %s for tests\nLicense: MIT\nAutoReqProv: no\n' "$1" "$2" "$3" "$1"
    [ -z "$(depends_of "$1")" ] || printf 'Requires: %s\n' "$(depends_of "$1")"
    # Debian's rpm database is empty; this package stands for the system itself.
    [ "$1" != kprep-system ] || printf 'Provides: /bin/sh\nProvides: system-release = %s\n' "$2"
    printf '%%description\nFor tests.\n%%install\ncp -a %s/. %%{buildroot}/\n' "$work/tree"
    script=$(script_of "$1")
    [ -z "$script" ] || printf '%%post\n%s\n' "$script"
    printf '%%files\n'
    (cd "$work/tree" && find . -type f | sed 's/^\.//')
    [ "$1" != kubelet ] || printf '%%dir /var/lib/kubelet\n%%dir /etc/kubernetes/manifests\n'
  } >"$work/package.spec"
  rpmbuild -bb --quiet --target x86_64 --define "_topdir $work/rpmbuild" --define '__os_install_post %{nil}' \
    --define 'debug_package %{nil}' "$work/package.spec" >"$work/rpmbuild.log" 2>&1 || { cat "$work/rpmbuild.log" >&2; exit 1; }
}

for version in 1.36.0 1.36.1; do
  for package in kubeadm kubelet kubectl; do
    deb "$package" "$version" 1.1
    rpm_of "$package" "$version" 150500.1.1
  done
done
deb cri-tools 1.36.0 1.1
rpm_of cri-tools 1.36.0 150500.1.1
deb kubernetes-cni 1.8.0 1.1
rpm_of kubernetes-cni 1.8.0 150500.1.1
for package in kprep-slow kprep-broken; do
  deb "$package" 1.0 1
  rpm_of "$package" 1.0 1
done
rpm_of kprep-system 9.5 1

cd "$out/deb"
apt-ftparchive packages . >Packages
apt-ftparchive -o APT::FTPArchive::Release::Label=kprep-test release . >"$work/Release"
mv "$work/Release" Release
gpg --batch --quiet --clearsign --output InRelease Release
cd "$out/rpm"
find "$work/rpmbuild/RPMS" -name '*.rpm' -exec cp {} . \;
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name packages@test.invalid' --addsign ./*.rpm >/dev/null 2>&1
createrepo_c --quiet --no-database .
gpg --batch --quiet --armor --detach-sign repodata/repomd.xml
