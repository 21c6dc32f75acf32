namespace Podsharp.System.Tests.Compose;

/// <summary>A worker that crashes now and then.</summary>
public sealed class WorkerStackTests(ComposeGeneration generation) : ComposeTest(generation)
{
    private const string File = $$"""
        services:
          queue:
            image: {{Image}}
            init: true
            command: ["httpd", "-f", "-p", "80", "-h", "/www"]
          worker:
            image: {{Image}}
            command: ["sh", "-c", "wget -qO- http://queue/ && echo worked; sleep 0.1; exit 3"]
            restart: on-failure
            stop_grace_period: 0s
            depends_on: [queue]
        """;

    [Test]
    public async Task It_is_started_again_after_each_crash_and_stays_down_when_stopped()
    {
        var stack = await UpAsync("worker", File);

        var restarts = await Eventually.SettleAsync(async () => int.Parse(await stack.InspectAsync("worker", "{{.RestartCount}}")), count => count >= 2);
        await stack.OutputAsync("stop", "worker");

        Assert.That(restarts, Is.GreaterThanOrEqualTo(2));
        Assert.That((await stack.OutputAsync("logs", "worker")).Split('\n').Count(line => line.EndsWith("worked", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(restarts));
        Assert.That(await stack.InspectAsync("worker", "{{.State.Status}}"), Is.EqualTo("exited"));
        Assert.That(await stack.ContainersAsync("queue", running: true), Has.Length.EqualTo(1));
    }
}
