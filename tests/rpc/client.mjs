// A caller in another language: it knows the .proto files and an address, nothing else.
import { createRequire } from "node:module";

const [modules, protos, target] = process.argv.slice(2);
const require = createRequire(modules + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const files = ["community", "member", "message", "recommendation"].map((name) => `yiqi/v1/${name}.proto`);
const definition = loader.loadSync(files, { includeDirs: [protos], longs: String, enums: String, oneofs: true });
const v1 = grpc.loadPackageDefinition(definition).yiqi.v1;
const open = (service) => new v1[service](target, grpc.credentials.createInsecure());
const call = (client, method, request) =>
  new Promise((resolve, reject) => client[method](request, { deadline: Date.now() + 20000 }, (error, reply) => (error ? reject(error) : resolve(reply))));

const communities = open("CommunityService");
const members = open("MemberService");
const messages = open("MessageService");
const recommendations = open("RecommendationService");
const parent = "communities/node";

await call(communities, "CreateCommunity", { communityId: "node", community: { displayName: "节点" } });
await call(members, "CreateMember", { parent, memberId: "安", member: { profile: "茶 🍵", offers: [{ text: "brewing", kind: "VALUE_KIND_GROWTH" }] } });
const member = (await call(members, "GetMember", { name: `${parent}/members/安` })).member;

const streamed = await new Promise((resolve, reject) => {
  const stream = messages.IngestMessages((error, reply) => (error ? reject(error) : resolve(reply)));
  stream.write({ parent, messages: [{ name: `${parent}/messages/1`, author: `${parent}/members/安`, time: { seconds: 1700000000 }, text: "hello" }] });
  stream.write({ messages: [{ name: `${parent}/messages/2`, author: "nonsense", time: { seconds: 1700000000 } }] });
  stream.end();
});

const answer = await call(recommendations, "RecommendCollaborators", { parent, goal: { text: "a tea house" }, options: { limit: 1 } });
const refusal = await call(members, "GetMember", { name: `${parent}/members/nobody` }).catch((error) => ({
  code: grpc.status[error.code],
  sentence: error.details,
  reason: error.metadata.get("yiqi-reason")[0],
}));

console.log(JSON.stringify({
  profile: member.profile,
  offer: member.offers[0],
  created: streamed.summary.created,
  rejected: streamed.summary.rejections.map((one) => [one.index, one.reason]),
  resource: answer.recommendations[0].resource,
  reason: answer.recommendations[0].reasons[0].type,
  token: answer.info.recommendationToken,
  refusal,
}));
process.exit(0);
