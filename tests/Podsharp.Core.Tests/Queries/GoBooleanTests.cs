using Podsharp.Core.Queries;

namespace Podsharp.Core.Tests.Queries;

public sealed class GoBooleanTests
{
    [TestCase("1", true)]
    [TestCase("t", true)]
    [TestCase("TRUE", true)]
    [TestCase("0", false)]
    [TestCase("F", false)]
    [TestCase("False", false)]
    [TestCase("", null)]
    [TestCase("yes", null)]
    [TestCase("tRUE", null)]
    public void Only_Gos_words_are_true_or_false(string text, bool? expected) => Assert.That(GoBoolean.Parse(text), Is.EqualTo(expected));
}
