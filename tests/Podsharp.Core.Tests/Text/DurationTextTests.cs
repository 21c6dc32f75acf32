using Podsharp.Core.Text;

namespace Podsharp.Core.Tests.Text;

public sealed class DurationTextTests
{
    [TestCase(0, "0s")]
    [TestCase(0.0005, "500µs")]
    [TestCase(0.7, "700ms")]
    [TestCase(1, "1s")]
    [TestCase(1.5, "1.5s")]
    [TestCase(90, "1m30s")]
    [TestCase(7200, "2h0m0s")]
    [TestCase(-3, "-3s")]
    public void Writes_the_shortest_form(double seconds, string text) =>
        Assert.That(DurationText.Format(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [TestCase("0", 0)]
    [TestCase("1s", 1000)]
    [TestCase("1.5s", 1500)]
    [TestCase("1h2m3s4ms", 3723004)]
    [TestCase("-1m", -60000)]
    [TestCase("+1ms", 1)]
    [TestCase("1000us", 1)]
    [TestCase("1000µs", 1)]
    [TestCase("1000000ns", 1)]
    public void Reads_a_duration(string text, double milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out var duration));
        Assert.That(duration.TotalMilliseconds, Is.EqualTo(milliseconds));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("1")]
    [TestCase("s")]
    [TestCase("1d")]
    [TestCase("1s ")]
    [TestCase("1..5s")]
    [TestCase("9999999999999999999999h")]
    public void Refuses_what_is_no_duration(string text) => Assert.That(DurationText.TryParse(text, out _), Is.False);
}
