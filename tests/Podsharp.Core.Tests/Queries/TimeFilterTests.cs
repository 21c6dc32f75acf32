using Podsharp.Core.Errors;
using Podsharp.Core.Queries;

namespace Podsharp.Core.Tests.Queries;

public sealed class TimeFilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [TestCase("0", "1970-01-01T00:00:00.0000000+00:00")]
    [TestCase("1136214245.5", "2006-01-02T15:04:05.5000000+00:00")]
    [TestCase("1136214245.123456789", "2006-01-02T15:04:05.1234567+00:00")]
    [TestCase("10m", "2026-01-02T02:54:05.0000000+00:00")]
    [TestCase("1h30m", "2026-01-02T01:34:05.0000000+00:00")]
    [TestCase("2006-01-02", "2006-01-02T00:00:00.0000000+00:00")]
    [TestCase("2006-01-02T15:04:05Z", "2006-01-02T15:04:05.0000000+00:00")]
    [TestCase("2006-01-02T15:04:05.123456789+01:00", "2006-01-02T14:04:05.1234567+00:00")]
    [TestCase("2006-01-02T15:04", "2006-01-02T15:04:00.0000000+00:00")]
    public void Reads_a_moment(string text, string expected) => Assert.That(TimeFilter.Parse(text, Now).ToString("O"), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("x")]
    [TestCase("May")]
    [TestCase("10 m")]
    [TestCase("2006-13-02")]
    [TestCase("99999999999999999999")]
    [TestCase("999999999h")]
    public void Refuses_what_is_no_moment(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => TimeFilter.Parse(text, Now))?.Message, Does.Contain($"\"{text}\""));
}
