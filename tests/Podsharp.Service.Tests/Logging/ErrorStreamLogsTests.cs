using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Service.Logging;

namespace Podsharp.Service.Tests.Logging;

public sealed class ErrorStreamLogsTests
{
    [Test]
    public void A_failure_in_the_engines_own_words_is_one_line() =>
        Assert.That(Described(EngineException.Conflict("port is already allocated"), LogLevel.Warning), Is.EqualTo("port is already allocated"));

    [Test]
    public void The_cause_of_a_failure_is_told_with_it() =>
        Assert.That(Described(EngineException.Internal("cannot start", new IOException("disk on fire")), LogLevel.Warning), Is.EqualTo("cannot start (disk on fire)"));

    [Test]
    public void A_failure_nobody_expected_shows_where_it_came_from() =>
        Assert.That(Described(new InvalidOperationException("boom"), LogLevel.Warning), Does.StartWith("InvalidOperationException: boom").And.Contain(nameof(Described)));

    [Test]
    public void At_debug_level_every_failure_shows_where_it_came_from() =>
        Assert.That(Described(EngineException.Conflict("taken"), LogLevel.Debug), Does.Contain(nameof(Described)));

    private static string Described(Exception failure, LogLevel minimum)
    {
        try
        {
            throw failure;
        }
        catch (Exception thrown)
        {
            return new ErrorStreamLogs(minimum).Describe(thrown);
        }
    }
}
