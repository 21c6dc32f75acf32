using Podsharp.Registry.Tokens;

namespace Podsharp.Registry.Tests.Tokens;

public sealed class ChallengeTests
{
    [Test]
    public void A_bearer_challenge_is_read_with_its_parameters()
    {
        var challenge = ChallengeReader.Read("Bearer realm=\"https://auth.local/token\",service=\"reg\", scope=\"repository:a/b:pull,push registry:catalog:*\"").Single();
        Assert.That(challenge.IsBearer);
        Assert.That(challenge.Parameter("realm"), Is.EqualTo("https://auth.local/token"));
        Assert.That(challenge.Parameter("service"), Is.EqualTo("reg"));
        Assert.That(challenge.Parameter("scope"), Is.EqualTo("repository:a/b:pull,push registry:catalog:*"));
    }

    [Test]
    public void Several_challenges_may_share_a_line()
    {
        var challenges = ChallengeReader.Read("Basic realm=\"a, b\" , BEARER Realm = x , error=\"say \\\"no\\\"\"");
        Assert.That(challenges.Select(challenge => challenge.Scheme), Is.EqualTo(["basic", "bearer"]));
        Assert.That(challenges[0].Parameter("realm"), Is.EqualTo("a, b"));
        Assert.That(challenges[1].Parameter("realm"), Is.EqualTo("x"));
        Assert.That(challenges[1].Parameter("error"), Is.EqualTo("say \"no\""));
    }

    [TestCase("")]
    [TestCase("\"\"")]
    [TestCase("Bearer realm=\"never closed")]
    [TestCase("=,=,=")]
    public void What_is_malformed_gives_nothing_to_answer(string header) =>
        Assert.That(ChallengeReader.Read(header).Any(challenge => challenge.IsBearer), Is.False);
}
