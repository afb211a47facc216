// Ends the process in one of several ways while work is in flight.
import * as nd from "../../../../lib/index.js";

const way = process.argv[2];
const work = nd.random.defaultRng(1).normal(0, 1, { size: [20_000, 1000], chunks: [500, 1000] }).sum();
const square = nd.random.defaultRng(2).normal(0, 1, { size: [1500, 1500], chunks: [500, 500] });
const running = Promise.all([work.compute(), nd.matmul(square, square).sum().compute()]);
process.stdout.write("started");
if (way === "exit") setTimeout(() => process.exit(0), 25);
else if (way === "exit at once") process.exit(0);
else if (way === "throw") setTimeout(() => { throw new Error("on purpose"); }, 25);
else if (way === "finish") running.then(() => process.stdout.write(" finished"));
else if (way === "forget") void running;
else if (way === "signal") setTimeout(() => process.kill(process.pid, "SIGTERM"), 25);
