using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Engine.Streams;

namespace Podsharp.Engine.Tests.Streams;

public sealed class DetachKeysTests
{
    [TestCase("ctrl-p,ctrl-q", new byte[] { 16, 17 })]
    [TestCase("a,b", new byte[] { (byte)'a', (byte)'b' })]
    [TestCase("ctrl-@", new byte[] { 0 })]
    [TestCase("ctrl-[", new byte[] { 27 })]
    [TestCase("ctrl-_", new byte[] { 31 })]
    [TestCase("DEL,q", new byte[] { 127, (byte)'q' })]
    [TestCase("", new byte[0])]
    public void Reads_key_sequences(string text, byte[] bytes) => Assert.That(DetachKeys.Parse(text), Is.EqualTo(bytes));

    [TestCase("ctrl-")]
    [TestCase("ctrl-1")]
    [TestCase("ab")]
    [TestCase("a,,b")]
    public void Refuses_what_is_no_key(string text) =>
        Assert.That(() => DetachKeys.Parse(text), Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.InvalidInput));

    [Test]
    public void Detaches_when_the_whole_sequence_was_typed()
    {
        var scanner = new DetachScanner([16, 17]);

        Assert.That(scanner.Take(16, out _, out var held), Is.False);
        Assert.That(held, Is.True);
        Assert.That(scanner.Take(17, out _, out _), Is.True);
    }

    [Test]
    public void Gives_held_bytes_back_when_the_sequence_is_not_completed()
    {
        var scanner = new DetachScanner([16, 17]);
        scanner.Take(16, out _, out _);

        Assert.That(scanner.Take((byte)'x', out var replay, out var held), Is.False);

        Assert.That(replay, Is.EqualTo(new byte[] { 16 }));
        Assert.That(held, Is.False);
    }

    [Test]
    public void Begins_anew_when_the_first_key_is_typed_twice()
    {
        var scanner = new DetachScanner([16, 17]);
        scanner.Take(16, out _, out _);

        Assert.That(scanner.Take(16, out var replay, out var held), Is.False);

        Assert.That((replay, held), Is.EqualTo((new byte[] { 16 }, true)));
        Assert.That(scanner.Take(17, out _, out _), Is.True);
    }
}
