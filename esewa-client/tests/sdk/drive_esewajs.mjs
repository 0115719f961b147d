// esewajs: sends the form in the query of an empty POST; only decodes the callback.
import { EsewaCheckStatus, EsewaPaymentGateway, base64Decode } from "esewajs";
import { CODE, EMULATOR, FAILURE, FORM, KEY, STATUS, SUCCESS, check, forge, formSignature, measured, outcome, pay } from "./common.mjs";

const initiate = (uuid, amount, key = KEY) =>
  EsewaPaymentGateway(amount, 0, 0, 0, uuid, CODE, key, SUCCESS, FAILURE, FORM);
const status = async (uuid, amount) => (await EsewaCheckStatus(amount, uuid, CODE, STATUS)).data.status;

const answer = await initiate("js-1", 1200);
check("esewajs: the form in the query is accepted", answer.status, 200);
const page = answer.request?.res?.responseUrl ?? "";
check("esewajs: the redirect leads to the payment page", page.startsWith(`${EMULATOR}/epay?bookingId=`), true);
check("esewajs: an open payment is pending", await status("js-1", 1200), "PENDING");

const paid = base64Decode(await pay("js-1"));
check("esewajs: the callback can be read", [paid.transaction_uuid, paid.total_amount], ["js-1", "1200.0"]);
check("esewajs: a paid payment is complete", await status("js-1", 1200), "COMPLETE");
check("esewajs: an unknown payment is not found", await status("js-0", 1200), "NOT_FOUND");

// At fault: on a refusal it uses a variable that it does not have, so the reason is lost.
const log = console.log;
console.log = () => {};
check("esewajs: a refusal breaks it", await outcome(() => initiate("js-2", 100, `${KEY}(`)), "ReferenceError");
console.log = log;

// At fault: it has no check at all, so a callback made from the form's signature says "paid".
await initiate("js-3", 900);
const signature = formSignature("js-3", "900");
check("esewajs: a downgraded callback is taken", base64Decode(forge("js-3", "900", signature)).status, "COMPLETE");
check("esewajs: the status tells the truth of it", await status("js-3", 900), "PENDING");
check("esewajs: measured", await measured((data) => base64Decode(data).status === "COMPLETE"), [22, 5, 1, 2, 2]);
process.stdout.write("done\n");
