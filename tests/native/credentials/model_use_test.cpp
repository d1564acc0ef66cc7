#include "credentials/model_use.h"

#include <gtest/gtest.h>

#include "credentials/credential.h"

namespace rondo::credentials {
namespace {

using enum ModelUse;

TEST(ModelUseTest, AModelInItsOwnUseIsCalledByItsName) {
  EXPECT_EQ(nameInUse("gemini-3.8-flash", Generating), "gemini-3.8-flash");
  EXPECT_EQ(nameInUse("gemini-embedding-001", Embedding), "gemini-embedding-001");
  EXPECT_EQ(nameInUse("text-embedding-005", Predicting), "text-embedding-005");
}

TEST(ModelUseTest, InAnotherUseItIsAnotherOne) {
  EXPECT_EQ(nameInUse("gemini-3.8-flash", Embedding), "gemini-3.8-flash for embeddings");
  EXPECT_EQ(nameInUse("gemini-embedding-001", Generating), "gemini-embedding-001 for answers");
  EXPECT_EQ(nameInUse("imagen-4.0", Predicting), "imagen-4.0 for predictions");
  EXPECT_EQ(nameInUse("gemini-3.8-flash", Counting), "gemini-3.8-flash for counts");
  EXPECT_EQ(nameInUse("files", Storing), "files at Google");
}

TEST(ModelUseTest, ItsNameIsFoundAgain) {
  for (const auto use : {Generating, Embedding, Predicting, Counting, Storing}) {
    for (const std::string_view model : {"gemini-3.8-flash", "gemini-embedding-001"}) {
      EXPECT_EQ(modelOf(nameInUse(model, use)), model);
    }
  }
  EXPECT_EQ(modelOf("a name with blanks"), "a name with blanks");
}

TEST(ModelUseTest, ACredentialServesAModelInEveryUse) {
  Credential credential;
  credential.models = {"gemini-embedding-001"};
  EXPECT_TRUE(serves(credential, nameInUse("gemini-embedding-001", Generating)));
  EXPECT_FALSE(serves(credential, nameInUse("gemini-3.8-flash", Embedding)));
}

TEST(ModelUseTest, ACredentialServesACollectionWhateverIsDoneInIt) {
  Credential credential;
  credential.models = {"interactions", "gemini-*"};
  EXPECT_TRUE(serves(credential, nameInUse("interactions", Storing)));
  EXPECT_TRUE(serves(credential, nameInUse("interactions of gemini-3.8-flash", Storing)));
  EXPECT_TRUE(serves(credential, nameInUse("interactions kept", Storing)));
  EXPECT_FALSE(serves(credential, nameInUse("files kept", Storing)));
  EXPECT_FALSE(serves(credential, nameInUse("files of gemini-3.8-flash", Storing)));
}

TEST(ModelUseTest, IsToldWithoutThePoolsOwnWords) {
  EXPECT_EQ(toldAs(nameInUse("gemini-3.8-flash", Counting)), "the model `gemini-3.8-flash`");
  EXPECT_EQ(toldAs(nameInUse("files", Storing)), "`files`");
  EXPECT_EQ(toldAs(nameInUse("files kept", Storing)), "`files`");
  EXPECT_EQ(toldAs(nameInUse("files begun", Storing)), "`files`");
  EXPECT_EQ(toldAs(nameInUse("openai of gemini-3.8-flash", Storing)),
            "`openai` of the model `gemini-3.8-flash`");
}

}  // namespace
}  // namespace rondo::credentials
