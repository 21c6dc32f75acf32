using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class SignalsTests
{
    [TestCase("KILL", 9)]
    [TestCase("SIGTERM", 15)]
    [TestCase("sigusr1", 10)]
    [TestCase("9", 9)]
    [TestCase("RTMIN+3", 37)]
    [TestCase("SIGRTMAX-1", 63)]
    public void Reads_names_and_numbers(string text, int number) => Assert.That(Signals.Parse(text), Is.EqualTo(number));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("65")]
    [TestCase("SIGNOPE")]
    [TestCase("RTMAX+1")]
    [TestCase("TERM+1")]
    public void Refuses_what_is_no_signal(string text) =>
        Assert.That(() => Signals.Parse(text), Throws.TypeOf<EngineException>().With.Message.Contains("invalid signal"));
}
