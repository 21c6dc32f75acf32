namespace Podsharp.System.Tests.Run;

/// <summary>Many lifecycles on a service of their own, which must look afterwards as it did before.</summary>
[NonParallelizable]
public sealed class SoakTests
{
    private PodsharpService _service = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("promised by Podsharp only");
        _service = await PodsharpService.StartWithImageAsync();
        // The first runs fill pools and caches.
        await RunManyAsync(32, atOnce: 16);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    [Test]
    public async Task Two_hundred_runs_in_a_row_leave_nothing_behind() => await LeavesNothingAsync(200, atOnce: 1);

    [Test]
    public async Task Fifty_runs_at_sixteen_at_once_leave_nothing_behind() => await LeavesNothingAsync(50, atOnce: 16);

    private async Task LeavesNothingAsync(int count, int atOnce)
    {
        var (descriptors, threads, links) = await CountAsync();

        await RunManyAsync(count, atOnce);

        // The .NET thread pool retires an idle thread after 20 s.
        var after = await Eventually.SettleAsync(CountAsync, now => now.Descriptors <= descriptors && now.Threads <= threads + 2 && now.Links <= links, seconds: 30);
        var leftovers = await Eventually.SettleAsync(async () => await _service.LeftoversAsync(await _service.ContainersEverAsync()), found => found.Count == 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(leftovers, Is.Empty);
            Assert.That(after.Descriptors, Is.LessThanOrEqualTo(descriptors), "file descriptors");
            Assert.That(after.Threads, Is.LessThanOrEqualTo(threads + 2), "threads");
            Assert.That(after.Links, Is.LessThanOrEqualTo(links), "links");
        }
    }

    private async Task<(int Descriptors, int Threads, int Links)> CountAsync() =>
        (KernelTraces.DescriptorsOf(_service.Pid), KernelTraces.ThreadsOf(_service.Pid), (await _service.LinksAsync()).Length);

    private Task RunManyAsync(int count, int atOnce) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (number, _) =>
        {
            var output = await _service.Docker.OutputAsync("run", "--rm", BusyboxImage.Name, "echo", $"run {number}");
            Assert.That(output, Is.EqualTo($"run {number}"));
        });
}
