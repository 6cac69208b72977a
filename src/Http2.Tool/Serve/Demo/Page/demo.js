// Sends many requests that each take a while over this one connection, and shows when each is answered.
const lanes = document.querySelector(".lanes");
const button = document.querySelector("#multiplex button");
const result = document.querySelector("#multiplex output");
const cells = Array.from({ length: 48 }, () => lanes.appendChild(document.createElement("i")));
const delay = 400;

async function ask(cell, index) {
  cell.className = "sent";
  const answer = await fetch(`/slow/${delay + index * 5}`, { cache: "no-store" }).catch(() => null);
  cell.className = answer?.ok ? "done" : "lost";
  return answer?.ok ? 1 : 0;
}

button.addEventListener("click", async () => {
  button.disabled = true;
  result.textContent = "";
  const start = performance.now();
  const answered = (await Promise.all(cells.map(ask))).reduce((sum, one) => sum + one, 0);
  const took = (performance.now() - start) / 1000;
  const oneByOne = cells.reduce((sum, _, index) => sum + delay + index * 5, 0) / 1000;
  result.textContent = `${answered} of ${cells.length} answered in ${took.toFixed(2)} s; one after the other: ${oneByOne.toFixed(1)} s`;
  button.disabled = false;
});

// /#run starts by itself, so that the result can be linked to.
if (location.hash === "#run") button.click();
