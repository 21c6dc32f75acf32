namespace Podsharp.System.Tests.Containers;

public sealed class HealthTests : EngineTest
{
    [Test]
    public async Task A_container_becomes_healthy_when_its_check_says_so_and_each_change_is_told_once()
    {
        var name = await RunIdleAsync("--network", "none", "--health-cmd", "test -f /ok", "--health-interval", "200ms", "--health-retries", "2");
        await Eventually.SettleAsync(() => HealthAsync(name), health => health == "unhealthy");

        await Docker.OutputAsync("exec", name, "touch", "/ok");
        await Eventually.SettleAsync(() => HealthAsync(name), health => health == "healthy");
        await Task.Delay(500);

        Assert.That(await Docker.OutputAsync("ps", "--filter", $"name={name}", "--filter", "health=healthy", "--format", "{{.Status}}"), Does.EndWith("(healthy)"));
        var told = await Docker.LinesAsync("events", "--since", "10m", "--until", Now(), "--filter", $"container={name}", "--filter", "event=health_status", "--format", "{{.Action}}");
        Assert.That(told, Is.EqualTo(new[] { "health_status: unhealthy", "health_status: healthy" }));
    }

    [Test]
    public async Task Before_the_first_probe_a_container_is_starting()
    {
        var name = await RunIdleAsync("--network", "none", "--health-cmd", "true", "--health-interval", "1h");

        Assert.That(await Docker.OutputAsync("ps", "--filter", $"name={name}", "--filter", "health=starting", "--format", "{{.Status}}"), Does.EndWith("(health: starting)"));
    }

    [Test]
    public async Task A_check_that_hangs_is_killed_after_its_time()
    {
        var name = await RunIdleAsync("--network", "none", "--health-cmd", "echo so far; exec sleep 1000", "--health-interval", "100ms", "--health-timeout", "300ms");

        var output = await Eventually.SettleAsync(() => Docker.InspectAsync(name, "{{range .State.Health.Log}}{{.ExitCode}} {{.Output}}{{end}}"), log => log.Length > 0);

        Assert.That(output, Does.StartWith("-1 Health check exceeded timeout (300ms): so far"));
        Assert.That(await Eventually.SettleAsync(() => Docker.OutputAsync("exec", name, "sh", "-c", "pgrep -f 'sleep 100[0]$' | wc -l"), left => int.Parse(left) <= 2), Is.AnyOf("0", "1", "2"));
    }

    [Test]
    public async Task A_paused_container_is_not_probed()
    {
        var name = await RunIdleAsync("--network", "none", "--health-cmd", "true", "--health-interval", "100ms");
        await Eventually.SettleAsync(() => HealthAsync(name), health => health == "healthy");
        await Docker.OutputAsync("pause", name);
        var before = await LastProbeAsync(name);
        await Task.Delay(500);

        Assert.That(await LastProbeAsync(name), Is.EqualTo(before));
        await Docker.OutputAsync("unpause", name);
        Assert.That(await Eventually.SettleAsync(() => LastProbeAsync(name), probe => probe != before), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Failures_in_the_start_period_do_not_count_and_its_own_interval_holds()
    {
        var name = await RunIdleAsync(
            "--network", "none", "--health-cmd", "false", "--health-interval", "1h", "--health-start-period", "1h", "--health-start-interval", "100ms", "--health-retries", "1");

        var log = await Eventually.SettleAsync(() => Docker.InspectAsync(name, "{{len .State.Health.Log}}"), count => count == "5");

        Assert.That(log, Is.EqualTo("5"), "the last five are kept");
        Assert.That(await Docker.InspectAsync(name, "{{.State.Health.Status}} {{.State.Health.FailingStreak}}"), Is.EqualTo("starting 0"));
    }

    [Test]
    public async Task A_container_that_has_ended_is_not_healthy()
    {
        var name = await RunIdleAsync("--network", "none", "--health-cmd", "true", "--health-interval", "100ms");
        await Eventually.SettleAsync(() => HealthAsync(name), health => health == "healthy");

        await Docker.OutputAsync("stop", "-t", "0", name);

        Assert.That(await HealthAsync(name), Is.EqualTo("unhealthy"));
    }

    [TestCase("--health-interval", "10us", "Interval in Healthcheck cannot be less than 1ms")]
    [TestCase("--health-timeout", "10us", "Timeout in Healthcheck cannot be less than 1ms")]
    [TestCase("--health-start-period", "10us", "StartPeriod in Healthcheck cannot be less than 1ms")]
    [TestCase("--health-start-interval", "10us", "StartInterval in Healthcheck cannot be less than 1ms")]
    public async Task An_absurd_value_is_refused(string option, string value, string told)
    {
        var result = await Docker.RunAsync("create", "--health-cmd", "true", option, value, Image, "true");

        Assert.That((result.ExitCode, result.Error.Contains(told)), Is.EqualTo((1, true)), result.Error);
    }

    private static Task<string> HealthAsync(string name) => Docker.InspectAsync(name, "{{.State.Health.Status}}");

    private static Task<string> LastProbeAsync(string name) => Docker.InspectAsync(name, "{{range .State.Health.Log}}{{.End}}\n{{end}}");

    private static string Now() => $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}";
}
