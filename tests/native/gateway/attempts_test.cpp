#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;

fake::Answer perMinute(std::string delay) {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded",)"
           R"("details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[)"
           R"({"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]},)"
           R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":")" +
               delay + R"("}]}})");
}

TEST(Attempts, TakeTheCredentialsInTurn) {
  PoolUnderTest pool(3);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u3", "u1", "u2", "u3"}));
}

TEST(Attempts, PassOverARateLimitedCredentialWithinTheRequest) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? perMinute("30s") : fake::answer(200, greeting("Hi"));
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-credential"), "u2");
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u2"}));
}

TEST(Attempts, ComeBackToACredentialWhenItsTimeIsUp) {
  PoolUnderTest pool(1);
  bool limited = true;
  pool.answers = [&limited](const std::string&, const http::Request&) {
    return limited ? perMinute("30s") : fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(pool.chat().head->status, 429);
  limited = false;
  pool.host.advance(std::chrono::seconds(27));
  EXPECT_EQ(pool.chat().head->status, 429);
  pool.host.advance(std::chrono::seconds(3));
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Attempts, CoolACredentialForOneModelAlone) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    return request.url.find("gemini-3.8-flash") != std::string::npos
               ? perMinute("30s")
               : fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(pool.chat().head->status, 429);
  EXPECT_EQ(pool.chat(R"({"model":"gemini-4-neon","messages":[{"role":"user","content":"x"}]})")
                .head->status,
            200);
}

TEST(Attempts, AnswerAtOnceWithTheEarliestResetWhenAllCool) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return perMinute(user == "u1" ? "50s" : "20s");
  };
  pool.chat();
  pool.callees.clear();
  const auto reply = pool.chat();
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(header(reply, "retry-after"), "20");
  EXPECT_EQ(errorCode(reply), "rate_limit_exceeded");
}

TEST(Attempts, RefreshTheTokenOnceAfterA401) {
  PoolUnderTest pool(1);
  bool refused = false;
  pool.answers = [&refused](const std::string&, const http::Request&) {
    if (std::exchange(refused, true)) return fake::answer(200, greeting("Hi"));
    return fake::answer(401, R"({"error":{"code":401,"status":"UNAUTHENTICATED"}})");
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.mints, 2);
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
}

TEST(Attempts, GoOnToTheNextWhenAFreshTokenIsRefusedToo) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? fake::answer(401, R"({"error":{"code":401,"status":"UNAUTHENTICATED"}})")
                        : fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u1", "u2"}));
}

TEST(Attempts, StopAtTheFirstCredentialWhenTheRequestIsAtFault) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(
        400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Bad contents."}})");
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(pool.callees, (Names{"u1"}));
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  pool.chat();
  EXPECT_EQ(pool.callees.back(), "u2");
}

TEST(Attempts, TellOfAPromptThatIsTooLongAsOpenAiDoes) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("The input token count (11) exceeds the maximum (10)."}})");
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(errorCode(reply), "context_length_exceeded");
  EXPECT_EQ(json::findString(*json::findObject(document(reply), "error"), "param"), "messages");
}

TEST(Attempts, TryElsewhereWhenGoogleFails) {
  for (const int status : {500, 502, 503, 504}) {
    PoolUnderTest pool(2);
    pool.answers = [status](const std::string& user, const http::Request&) {
      return user == "u1" ? fake::answer(status, "<html>oops</html>")
                          : fake::answer(200, greeting("Hi"));
    };
    EXPECT_EQ(pool.chat().head->status, 200) << status;
    // Nothing cools: its turn comes again.
    pool.chat();
    EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u1", "u2"})) << status;
  }
}

TEST(Attempts, TryElsewhereWhenTheConnectionFails) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    fake::Answer answer = fake::answer(200, greeting("Hi"));
    answer.unreachable = user == "u1";
    return answer;
  };
  EXPECT_EQ(pool.chat().head->status, 200);
}

TEST(Attempts, AreBoundedByTheSetting) {
  PoolUnderTest pool(6, {{"MAX_ATTEMPTS", "3"}});
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(503, ""); };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "upstream_error");
  EXPECT_EQ(pool.callees.size(), 3U);
}

TEST(Attempts, ThatAreUsedUpWhileCredentialsAreFreeSaySo) {
  PoolUnderTest pool(6);
  pool.answers = [](const std::string&, const http::Request&) { return perMinute("30s"); };
  const auto reply = pool.chat();
  EXPECT_EQ(pool.callees.size(), 4U);
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "attempts_exhausted");
  EXPECT_EQ(header(reply, "retry-after"), "1");
  EXPECT_NE(reply.body.find("Quota exceeded"), std::string::npos);
}

TEST(Attempts, AreNotUsedUpByAMend) {
  PoolUnderTest pool(1, {{"MAX_ATTEMPTS", "1"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return request.body.find("seed") == std::string::npos
               ? fake::answer(200, greeting("Hi"))
               : fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT",)"
                                   R"("message":"seed is not supported"}})");
  };
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","seed":1,"messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "seed");
}

TEST(Attempts, AreNotUsedUpByAStaleToken) {
  PoolUnderTest pool(1, {{"MAX_ATTEMPTS", "1"}});
  bool refused = false;
  pool.answers = [&refused](const std::string&, const http::Request&) {
    if (std::exchange(refused, true)) return fake::answer(200, greeting("Hi"));
    return fake::answer(401, R"({"error":{"code":401,"status":"UNAUTHENTICATED"}})");
  };
  EXPECT_EQ(pool.chat().head->status, 200);
}

TEST(Attempts, MendTwoFaultsThatShareAWord) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    const auto refused = [](const char* message) {
      return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":")" +
                                   std::string(message) + R"("}})");
    };
    if (request.body.find("systemInstruction") != std::string::npos) {
      return refused("Developer instruction is not enabled for models/x");
    }
    if (request.body.find("Continue.") == std::string::npos) {
      return refused("Requests ending with a model turn are not supported.");
    }
    return fake::answer(200, greeting("Hi"));
  };
  const auto reply =
      pool.chat(R"({"model":"gemini-3.1-pro","messages":[{"role":"system","content":"Be brief."},)"
                R"({"role":"user","content":"x"},{"role":"assistant","content":"y"}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees.size(), 3U);
}

TEST(Attempts, MendAnErrorThatOpensAStreamLikeAnyOther) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    return request.body.find("seed") == std::string::npos
               ? fake::answer(200, "data: " + greeting("Hi") + "\n\n")
               : fake::answer(200,
                              "data: {\"error\":{\"code\":400,\"status\":"
                              "\"INVALID_ARGUMENT\",\"message\":"
                              "\"seed is not supported\"}}\n\n");
  };
  const auto reply = pool.chat(R"({"model":"gemini-3.8-flash","seed":1,"stream":true,)"
                               R"("messages":[{"role":"user","content":"x"}]})");
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Attempts, NameTheClientsFieldForAMistakeOfItsOwn) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("maxOutputTokens must be positive."}})");
  };
  const auto paramFor = [&pool](const std::string& field) {
    const auto reply = pool.chat(R"({"model":"gemini-3.8-flash",")" + field +
                                 R"(":5,"messages":[{"role":"user","content":"x"}]})");
    const auto body = document(reply);
    return std::string(json::findString(*json::findObject(body, "error"), "param").value_or(""));
  };
  EXPECT_EQ(paramFor("max_tokens"), "max_tokens");
  EXPECT_EQ(paramFor("max_completion_tokens"), "max_completion_tokens");
}

TEST(Attempts, TakeADeadCredentialOut) {
  PoolUnderTest pool(2);
  const auto mint = pool.host.fetcher.handler;
  pool.host.fetcher.handler = [mint](const http::Request& request) {
    if (request.body.find("refresh-u1") == std::string::npos) return mint(request);
    return fake::answer(400, R"({"error":"invalid_grant","error_description":"Revoked."})");
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u2", "u2", "u2"}));
}

TEST(Attempts, SayWhatToMendWhenAllAreDead) {
  PoolUnderTest pool(1);
  pool.host.fetcher.handler = [](const http::Request&) {
    return fake::answer(400, R"({"error":"invalid_grant","error_description":"Revoked."})");
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "credentials_unavailable");
  EXPECT_NE(reply.body.find("u1"), std::string::npos);
}

TEST(Attempts, AreNoneWithoutACredential) {
  PoolUnderTest pool(0);
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "no_credentials");
  EXPECT_TRUE(pool.host.logger.contains("no_credentials"));
}

TEST(Attempts, TellThatNobodyHasTheModel) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(404, R"({"error":{"code":404,"status":"NOT_FOUND",)"
                             R"("message":"Publisher Model was not found"}})");
  };
  EXPECT_EQ(errorCode(pool.chat()), "model_not_found");
  const auto again = pool.chat();
  EXPECT_EQ(again.head->status, 404);
  EXPECT_EQ(errorCode(again), "model_not_found");
}

TEST(Attempts, CloseTheConnectionsOfLostOnes) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? perMinute("30s") : fake::answer(200, greeting("Hi"));
  };
  pool.chat();
  EXPECT_EQ(pool.host.fetcher.openBodies, 0);
  EXPECT_EQ(pool.host.loop.openOps(), 0U);
}

}  // namespace
}  // namespace rondo::gateway
