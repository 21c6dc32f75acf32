using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Core.Tests.Images;

public sealed class DigestTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Test]
    public void Reads_and_writes_the_same_text()
    {
        var digest = Digest.Parse("sha256:" + Hex);
        Assert.That(digest.Hex, Is.EqualTo(Hex));
        Assert.That(digest.Short, Is.EqualTo("0123456789ab"));
        Assert.That(digest.ToString(), Is.EqualTo("sha256:" + Hex));
        Assert.That(digest, Is.EqualTo(Digest.FromHex(Hex)));
    }

    [TestCase("")]
    [TestCase("sha256:")]
    [TestCase(Hex)]
    [TestCase("sha256:" + Hex + "0")]
    [TestCase("sha256:" + Hex + "\n")]
    [TestCase("sha512:" + Hex)]
    [TestCase("SHA256:" + Hex)]
    [TestCase("sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:../../../../../../../../../../../../../../../../../../../../etc/xx")]
    public void Refuses_what_could_not_be_a_digest(string text)
    {
        Assert.That(Digest.TryParse(text, out _), Is.False);
        var failure = Assert.Throws<EngineException>(() => Digest.Parse(text));
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public void The_empty_value_is_empty_text_and_has_no_hex()
    {
        Assert.That(default(Digest).IsEmpty);
        Assert.That(default(Digest).ToString(), Is.Empty);
        Assert.Throws<InvalidOperationException>(() => _ = default(Digest).Hex);
    }

    [Test]
    public void Is_made_of_a_hash() =>
        Assert.That(Digest.FromHash([.. Enumerable.Repeat((byte)0xAB, 32)]).Hex, Is.EqualTo(string.Concat(Enumerable.Repeat("ab", 32))));

    [Test]
    public void Sorts_by_its_digits()
    {
        var low = Digest.FromHex(Hex);
        var high = Digest.FromHex("f" + Hex[1..]);
        Assert.That(low < high && high > low && low <= high && high >= low);
    }
}
