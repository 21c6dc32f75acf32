using System.Diagnostics;

namespace Podsharp.System.Tests.Life;

public sealed class ShutdownTests : ServiceTest
{
    private static readonly TimeSpan FarBelowTheGracePeriod = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Followers_do_not_hold_up_a_service_that_is_told_to_stop()
    {
        var service = await StartWithImageAsync();
        var container = await service.Docker.OutputAsync("run", "-d", "--network", "none", Image, "sh", "-c", "echo started; sleep 1000");
        await using var logs = service.Docker.Command("logs", "-f", container).Start();
        await logs.ExpectOutputAsync("started");
        await using var attached = service.Docker.Command("attach", "--sig-proxy=false", container).Start();
        await using var waiting = service.Docker.Command("wait", container).Start();
        await using var events = service.Docker.Command("events", "--since", "1").Start();
        await events.ExpectOutputAsync("attach");

        var clock = Stopwatch.StartNew();
        var code = await service.StopAsync();

        Assert.That((code, clock.Elapsed < FarBelowTheGracePeriod), Is.EqualTo((0, true)), $"after {clock.Elapsed}: {service.Log}");
        Assert.That((await logs.WaitAsync()).Output, Is.EqualTo("started\n"));
        Assert.That((await waiting.WaitAsync()) is { ExitCode: not 0, Output: "" }, "a wait that was cut short has no exit code to tell");
        await service.StartAgainAsync();
        Assert.That(await service.Docker.InspectAsync(container, "{{.State.Status}}"), Is.EqualTo("running"));
    }

    [Test]
    public async Task A_verb_in_flight_is_finished_first()
    {
        var service = await StartWithImageAsync();
        var container = await service.Docker.OutputAsync("run", "-d", "--network", "none", Image, "sh", "-c", "trap 'echo ending; sleep 1; exit 5' TERM; echo ready; while :; do sleep 0.1; done");
        await using var logs = service.Docker.Command("logs", "-f", container).Start();
        await logs.ExpectOutputAsync("ready");
        await using var stopping = service.Docker.Command("stop", "-t", "8", container).Start();
        await logs.ExpectOutputAsync("ending");

        await service.StopAsync();

        Assert.That((await stopping.WaitAsync()).ExitCode, Is.Zero);
        await service.StartAgainAsync();
        Assert.That(await service.Docker.InspectAsync(container, "{{.State.Status}} {{.State.ExitCode}}"), Is.EqualTo("exited 5"));
    }
}
