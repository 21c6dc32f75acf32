namespace Podsharp.Conformance.Tests;

public sealed class StatsTests : SdkTest
{
    [Test]
    public async Task Measures_once()
    {
        var container = await StartAsync("sleep 1000", parameters => parameters.HostConfig.Memory = 64 << 20);

        var reports = new Reports<ContainerStatsResponse>();
        await Client.Containers.GetContainerStatsAsync(container, new ContainerStatsParameters { Stream = false }, reports, CancellationToken.None);

        var stats = reports.Values.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stats.ID, Is.EqualTo(container));
            Assert.That(stats.Read, Is.GreaterThan(stats.PreRead));
            Assert.That(stats.PreCPUStats.SystemUsage, Is.Positive, "compared with a measurement before");
            Assert.That(stats.CPUStats.SystemUsage, Is.GreaterThan(stats.PreCPUStats.SystemUsage!));
            Assert.That(stats.CPUStats.OnlineCPUs, Is.EqualTo(Environment.ProcessorCount));
            Assert.That(stats.MemoryStats.Usage, Is.Positive);
            Assert.That(stats.MemoryStats.Limit, Is.EqualTo(64 << 20));
            Assert.That(stats.PidsStats.Current, Is.Positive);
        }
    }

    [Test]
    public async Task Measures_once_without_a_comparison()
    {
        var container = await StartAsync("sleep 1000");

        var reports = new Reports<ContainerStatsResponse>();
        await Client.Containers.GetContainerStatsAsync(container, new ContainerStatsParameters { Stream = false, OneShot = true }, reports, CancellationToken.None);

        // One SDK has a zero for what is not there, the other one null.
        Assert.That(Convert.ToUInt64((object?)reports.Values.Single().PreCPUStats.SystemUsage), Is.Zero);
        Assert.That(reports.Values.Single().CPUStats.SystemUsage, Is.Positive);
    }

    [Test]
    public async Task Goes_on_measuring()
    {
        var container = await StartAsync("while :; do :; done");

        var stats = await Reports<ContainerStatsResponse>.UntilAsync(
            (reports, stop) => Client.Containers.GetContainerStatsAsync(container, new ContainerStatsParameters { Stream = true }, reports, stop),
            seen => seen.Count >= 3);

        Assert.That(stats, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(stats[2].PreRead, Is.EqualTo(stats[1].Read));
        Assert.That(stats[2].CPUStats.CPUUsage.TotalUsage, Is.GreaterThan(stats[1].CPUStats.CPUUsage.TotalUsage));
    }

    [Test]
    public void Of_an_unknown_container_are_a_typed_error()
    {
        Assert.That(
            () => Client.Containers.GetContainerStatsAsync("no-such-container", new ContainerStatsParameters { Stream = false }, new Reports<ContainerStatsResponse>(), CancellationToken.None),
            Throws.InstanceOf<DockerContainerNotFoundException>());
    }
}
