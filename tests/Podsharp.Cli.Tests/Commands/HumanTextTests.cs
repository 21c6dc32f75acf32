using NUnit.Framework;
using Podsharp.Cli.Commands;

namespace Podsharp.Cli.Tests.Commands;

[TestFixture]
public sealed class HumanTextTests
{
    [TestCase(0.4, "Less than a second")]
    [TestCase(1, "1 second")]
    [TestCase(59, "59 seconds")]
    [TestCase(61, "About a minute")]
    [TestCase(3599, "59 minutes")]
    [TestCase(7300, "2 hours")]
    [TestCase(86400 * 3, "3 days")]
    [TestCase(86400 * 30, "4 weeks")]
    [TestCase(86400 * 365 * 3, "3 years")]
    public void Says_an_age(double seconds, string text)
    {
        Assert.That(HumanText.Age(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));
    }

    [TestCase(0, "0B")]
    [TestCase(999, "999B")]
    [TestCase(1990000, "1.99MB")]
    [TestCase(123456789, "123MB")]
    public void Says_a_size(long bytes, string text)
    {
        Assert.That(HumanText.Size(bytes), Is.EqualTo(text));
    }
}
