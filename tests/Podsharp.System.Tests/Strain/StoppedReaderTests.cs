namespace Podsharp.System.Tests.Strain;

/// <summary>Clients that ask for a stream and then read no more.</summary>
public sealed class StoppedReaderTests : StrainTest
{
    private const string Flood = "yes 0123456789012345678901234567890123456789 | head -c 200000000";

    [Test]
    public async Task Followers_of_logs_hold_up_neither_the_container_nor_others()
    {
        var name = await RunDetachedAsync("talker", $"read -t 1; {Flood}");
        var before = KernelTraces.ResidentMemoryOf(Service.Pid);
        for (var i = 0; i < 5; i++) await StopReadingAsync($"GET /v1.43/containers/{name}/logs?follow=1&stdout=1&stderr=1");

        var exit = await Service.Docker.OutputAsync("wait", name);

        Assert.That(exit, Is.EqualTo("0"));
        await AssertServesOthersAsync();
        await AssertMemoryAsync(before, 80 * Megabyte);
    }

    [Test]
    public async Task An_attached_client_does_not_keep_its_container_from_being_stopped()
    {
        var name = await RunDetachedAsync("talker", $"read -t 1; {Flood}; sleep 1000");
        var before = KernelTraces.ResidentMemoryOf(Service.Pid);
        var client = await StopReadingAsync($"POST /v1.43/containers/{name}/attach?stream=1&stdout=1&stderr=1", upgrade: true);
        await SilenceAsync(name);

        await Service.Docker.OutputAsync("stop", "-t", "0", name);

        Assert.That(await Service.Docker.InspectAsync(name, "{{.State.Status}} {{.State.ExitCode}}"), Is.EqualTo("exited 137"));
        await Service.Docker.OutputAsync("rm", name);
        await AssertServesOthersAsync();
        await AssertMemoryAsync(before, 80 * Megabyte);
        Assert.That(await client.ReadToEndAsync(), Is.GreaterThan(100_000), "what the container had said before");
    }

    [Test]
    public async Task An_attached_client_still_gets_all_that_a_container_said_before_its_end()
    {
        await Service.Docker.OutputAsync("create", "--name", "talker", "--network", "none", "-t", Image, "sh", "-c", "head -c 300000 /dev/zero");
        var client = await StopReadingAsync("POST /v1.43/containers/talker/attach?stream=1&stdout=1", upgrade: true);

        await Service.Docker.OutputAsync("start", "talker");
        await Service.Docker.RunAsync("wait", "talker");

        Assert.That(await client.ReadToEndAsync(), Is.EqualTo(300_000));
    }

    [Test]
    public async Task Followers_of_events_cost_no_more_than_the_latest_events()
    {
        await Service.Docker.OutputAsync("create", "--name", "renamed", "--network", "none", Image, "true");
        var before = KernelTraces.ResidentMemoryOf(Service.Pid);
        for (var i = 0; i < 40; i++) await StopReadingAsync("GET /v1.43/events?since=1");

        for (var i = 0; i < 1500; i++) await RenameAsync(i);

        await AssertServesOthersAsync();
        await AssertMemoryAsync(before, 80 * Megabyte);
        var told = await Service.Docker.LinesAsync("events", "--since", "1", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}", "--filter", "event=rename");
        Assert.That(told, Has.Length.EqualTo(1500));
    }

    [Test]
    public async Task Readers_of_an_archive_keep_a_container_neither_from_starting_nor_from_being_removed()
    {
        await Service.Docker.OutputAsync("run", "--name", "big", "--network", "none", Image, "sh", "-c", "head -c 100000000 /dev/zero >/big");
        var before = KernelTraces.ResidentMemoryOf(Service.Pid);
        for (var i = 0; i < 8; i++) await StopReadingAsync($"GET /v1.43/containers/big/{(i % 2 == 0 ? "archive?path=/big" : "export")}");

        await Service.Docker.OutputAsync("start", "big");
        await Service.Docker.OutputAsync("rm", "-f", "big");

        await AssertServesOthersAsync();
        await AssertMemoryAsync(before, 80 * Megabyte);
    }

    [Test]
    public async Task A_service_that_is_told_to_stop_does_not_wait_for_them()
    {
        var name = await RunDetachedAsync("talker", $"read -t 1; {Flood}; sleep 1000");
        await StopReadingAsync($"GET /v1.43/containers/{name}/logs?follow=1&stdout=1");
        await StopReadingAsync($"POST /v1.43/containers/{name}/attach?stream=1&stdout=1", upgrade: true);
        await StopReadingAsync("GET /v1.43/events?since=1");

        var exit = await Service.StopAsync();

        Assert.That(exit, Is.Zero);
        await Service.StartAgainAsync();
    }

    /// <summary>Waits until the container can write no more: its output is full to the brim.</summary>
    private async Task SilenceAsync(string name)
    {
        var former = -1L;
        await Eventually.SettleAsync(
            async () =>
            {
                await Task.Delay(500);
                var length = (await Service.Http.GetByteArrayAsync($"v1.43/containers/{name}/logs?stdout=1")).LongLength;
                var silent = length > 0 && length == former;
                former = length;
                return silent;
            },
            silent => silent);
    }

    private async Task RenameAsync(int number)
    {
        var (old, now) = number % 2 == 0 ? ("renamed", "renamed-again") : ("renamed-again", "renamed");
        using var reply = await Service.Http.PostAsync($"v1.43/containers/{old}/rename?name={now}", null);
        reply.EnsureSuccessStatusCode();
    }
}
