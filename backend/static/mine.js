// The reports that were filed from this device: their codes, and the tokens that open them.
const KEPT = "reports";

export function mine() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

export function keep(report) {
  const others = mine().filter(({ code }) => code !== report.code);
  try {
    localStorage.setItem(KEPT, JSON.stringify([report, ...others].slice(0, 50)));
  } catch {
    // A private window may keep nothing; the code on the page is enough to follow the report.
  }
}
