/** Where in a play a host is: indexes from the play's list of nodes inward (block section, include item, handler). */
export type Place = readonly number[];

/** In the order in which a host comes to them; a block or include is before what it holds. */
function comparePlaces(one: Place, other: Place): number {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export function isBefore(one: Place, other: Place): boolean {
  return comparePlaces(one, other) < 0;
}

export function placeKey(place: Place): string {
  return place.join('.');
}
