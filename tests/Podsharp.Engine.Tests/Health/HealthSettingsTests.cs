using Podsharp.Core.Containers;
using Podsharp.Engine.Health;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Health;

public sealed class HealthSettingsTests
{
    [TestCase(1, null, 1)]
    [TestCase(30, null, 5)]
    [TestCase(1, 3, 3)]
    public void In_its_start_period_a_container_is_asked_as_often_as_ever_and_each_five_seconds_at_least(int interval, int? asked, int expected)
    {
        var check = new HealthCheck(["CMD", "check"], TimeSpan.FromSeconds(interval), null, TimeSpan.FromSeconds(60), asked is { } given ? TimeSpan.FromSeconds(given) : null, null);
        var settings = HealthSettings.Of(Samples.Container("c", Samples.Image("i")).Spec with { HealthCheck = check })!;

        Assert.That(settings.Wait(TimeSpan.FromSeconds(59), HealthStatus.Starting), Is.EqualTo(TimeSpan.FromSeconds(expected)));
        Assert.That(settings.Wait(TimeSpan.FromSeconds(60), HealthStatus.Starting), Is.EqualTo(TimeSpan.FromSeconds(interval)));
    }
}
