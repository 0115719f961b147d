// What every Node driver needs: the emulator's controls, the measured callbacks, and checks.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

export const EMULATOR = process.env.ESEWA_EMULATOR;
export const FORM = `${EMULATOR}/api/epay/main/v2/form`;
export const STATUS = `${EMULATOR}/api/epay/transaction/status/`;
export const KEY = "8gBm/:&EnhH.1/q";
export const CODE = "EPAYTEST";
export const SUCCESS = "http://merchant.test/paid";
export const FAILURE = "http://merchant.test/not-paid";

export function check(promise, found, expected) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  process.stdout.write(left === right ? `ok ${promise}\n` : `FAIL ${promise}: expected ${right}, found ${left}\n`);
}

// What the call gives, or the name of what it throws.
export async function outcome(call) {
  try {
    return await call();
  } catch (error) {
    return error.name;
  }
}

// Acts for the payer; gives the value of `data` that the browser is sent back with.
export async function pay(uuid) {
  const body = JSON.stringify({ transaction_uuid: uuid, outcome: "complete" });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${EMULATOR}/_sandbox/pay`, { method: "POST", headers, body });
  const { redirect_url: url } = await answer.json();
  return url.split("?data=")[1];
}

// What the payer can read in the form.
export function formSignature(uuid, amount) {
  const message = `total_amount=${amount},transaction_uuid=${uuid},product_code=${CODE}`;
  return createHmac("sha256", KEY).update(message).digest("base64");
}

// A callback for an order nobody paid, proven by the signature of the payer's own form.
export function forge(uuid, amount, signature) {
  return encode({
    transaction_code: "000FAKE",
    status: "COMPLETE",
    total_amount: amount,
    transaction_uuid: uuid,
    product_code: CODE,
    signed_field_names: "total_amount,transaction_uuid,product_code",
    signature,
  });
}

// How many callbacks of each column of the measured table the package takes: genuine, genuine with a
// comma, number form, downgraded, tampered.
export async function measured(accepts) {
  const columns = [[], [], [], [], []];
  for (const vector of JSON.parse(readFileSync(process.env.ESEWA_VECTORS, "utf8")).vectors) {
    columns[columnOf(vector)]?.push(vector.input.data ?? encode(vector.input.json));
  }
  if (columns.map((column) => column.length).join() !== "22,5,1,2,2") throw new Error("not the 32 cases");
  const accepted = [];
  for (const column of columns) {
    let count = 0;
    for (const data of column) count += (await outcome(() => accepts(data))) === true ? 1 : 0;
    accepted.push(count);
  }
  return accepted;
}

function columnOf({ kind, expected }) {
  if (kind === "callback" && expected.valid) {
    return ["as-is", "strip-commas-from-total_amount", "raw-number-token"].indexOf(expected.rule);
  }
  if (kind === "callback-forgery") return expected.error === "signature" ? 4 : 3;
  return undefined;
}

function encode(fields) {
  return Buffer.from(JSON.stringify(fields)).toString("base64");
}
