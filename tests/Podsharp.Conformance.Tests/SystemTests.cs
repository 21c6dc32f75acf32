namespace Podsharp.Conformance.Tests;

public sealed class SystemTests : SdkTest
{
    [Test]
    public async Task Answers_a_ping() => await Client.System.PingAsync();

    [Test]
    public async Task Tells_its_version()
    {
        var version = await Client.System.GetVersionAsync();

        Assert.That(version.Os, Is.EqualTo("linux"));
        Assert.That(version.APIVersion, Is.Not.Empty);
    }

    [Test]
    public async Task Tells_about_the_machine()
    {
        var info = await Client.System.GetSystemInfoAsync();

        Assert.That(info.NCPU, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(info.Images, Is.Positive);
    }

    [Test]
    public async Task Follows_events()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var since = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var follow = Client.System.MonitorEventsAsync(
            new ContainerEventsParameters
            {
                Since = since.ToString(),
                Filters = new Dictionary<string, IDictionary<string, bool>> { ["event"] = new Dictionary<string, bool> { ["die"] = true } },
            },
            new SynchronousProgress(seen),
            limit.Token);
        await StartAsync("exit 0");

        Assert.That(await seen.Task.WaitAsync(limit.Token), Is.EqualTo("die"));
        await limit.CancelAsync();
        try
        {
            await follow;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Each SDK has its own way to end a stream.
        }
    }

    private sealed class SynchronousProgress(TaskCompletionSource<string> seen) : IProgress<Message>
    {
        public void Report(Message value) => seen.TrySetResult(value.Action);
    }
}
