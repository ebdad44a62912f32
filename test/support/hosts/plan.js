const SHELLS = ['dash', 'bash', 'busybox', 'mksh'];
const BOOTED = ['apt', 'apt', 'dnf', 'dnf'];

/**
 * The hosts of a fleet, decided before anything is started: `hosts` is how many, or for a booted fleet the family of each
 * (`['apt', 'dnf']`); `variants` names more of `variants/*.sh` by host.
 */
export function planHosts({ kind, hosts, variants = {} }) {
  const plan = (kind === 'chroot' ? chrootHosts(hosts ?? 6) : bootedHosts(hosts ?? BOOTED)).map((host, index) => ({
    ...host,
    index,
    name: `node${index}`,
    address: addressOf(index),
    port: 22,
    groups: ['kube', index === 0 ? 'kubemaster' : 'kubenode', ...host.groups],
    variants: [...host.variants, ...(variants[`node${index}`] ?? [])],
  }));
  const unknown = Object.keys(variants).find((name) => !plan.some((host) => host.name === name));
  if (unknown) throw new Error(`a variant for ${unknown}, which is not in this fleet of ${plan.length}`);
  return plan;
}

function chrootHosts(count) {
  return Array.from({ length: count }, (_, index) => {
    const shell = SHELLS[index % SHELLS.length];
    return { image: 'chroot', shell, groups: [shell], variants: [`sh-${shell}`] };
  });
}

function bootedHosts(hosts) {
  const families = typeof hosts === 'number' ? Array.from({ length: hosts }, (_, index) => BOOTED[index % 4]) : hosts;
  return families.map((image, index) => {
    if (!BOOTED.includes(image)) throw new Error(`${image}: a booted host is of the family apt or dnf`);
    // The first of each family starts with firewalld running, the others without.
    const walled = families.indexOf(image) === index;
    return {
      image,
      shell: 'dash',
      groups: walled ? [image, 'firewalld'] : [image],
      variants: walled ? ['firewalld'] : [],
    };
  });
}

function addressOf(index) {
  const number = index + 10;
  return `10.77.${Math.floor(number / 250)}.${number % 250}`;
}
