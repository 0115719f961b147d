// esewa-pay: fixed addresses; only decodes the callback.
import { EsewaClient } from "esewa-pay";
import { CODE, FAILURE, KEY, SUCCESS, check, forge, formSignature, measured, outcome, pay } from "./common.mjs";

const client = (secretKey = KEY) =>
  new EsewaClient({ productCode: CODE, secretKey, successUrl: SUCCESS, failureUrl: FAILURE });
const initiate = (uuid, amount, key) =>
  client(key).initiatePayment({ amount, total_amount: amount, transaction_uuid: uuid });
const status = async (uuid, amount) => (await client().getTransactionStatus(uuid, amount)).status;

const page = await initiate("ep-1", "650");
check("esewa-pay: the redirect leads to the payment page", page.split("?")[0], "https://rc-epay.esewa.com.np/epay");
check("esewa-pay: an open payment is pending", await status("ep-1", "650"), "PENDING");
const paid = await client().verifyPayment(await pay("ep-1"));
check("esewa-pay: the callback can be read", [paid.transaction_uuid, paid.total_amount], ["ep-1", "650.0"]);
check("esewa-pay: a paid payment is complete", await status("ep-1", "650"), "COMPLETE");
check("esewa-pay: a key with a parenthesis is refused", await outcome(() => initiate("ep-2", "100", `${KEY}(`)), "AxiosError");

// At fault: it has no check at all, so a callback made from the form's signature says "paid".
await initiate("ep-3", "900");
const forged = forge("ep-3", "900", formSignature("ep-3", "900"));
check("esewa-pay: a downgraded callback is taken", (await client().verifyPayment(forged)).status, "COMPLETE");
check("esewa-pay: the status tells the truth of it", await status("ep-3", "900"), "PENDING");
const takes = async (data) => (await client().verifyPayment(data)).status === "COMPLETE";
check("esewa-pay: measured", await measured(takes), [22, 5, 1, 2, 2]);
process.stdout.write("done\n");
