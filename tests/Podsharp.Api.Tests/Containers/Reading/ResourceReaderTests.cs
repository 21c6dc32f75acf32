namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class ResourceReaderTests
{
    [TestCase("\"Memory\":-1", "Minimum memory limit allowed is 6MB")]
    [TestCase("\"Memory\":1000", "Minimum memory limit allowed is 6MB")]
    [TestCase("\"MemorySwap\":50000000", "You should always set the Memory limit when using Memoryswap limit, see usage")]
    [TestCase("\"Memory\":20000000,\"MemorySwap\":10000000", "Minimum memoryswap limit should be larger than memory limit, see usage")]
    [TestCase("\"MemoryReservation\":100", "Minimum memory reservation allowed is 6MB")]
    [TestCase("\"Memory\":20000000,\"MemoryReservation\":30000000", "Minimum memory limit can not be less than memory reservation limit, see usage")]
    [TestCase("\"MemorySwappiness\":101", "Invalid value: 101, valid memory swappiness range is 0-100")]
    [TestCase("\"NanoCpus\":1000000,\"CpuPeriod\":1000", "Conflicting options: Nano CPUs and CPU Period cannot both be set")]
    [TestCase("\"NanoCpus\":1000000,\"CpuQuota\":1000", "Conflicting options: Nano CPUs and CPU Quota cannot both be set")]
    [TestCase("\"CpuPeriod\":5", "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")]
    [TestCase("\"CpuQuota\":5", "CPU cfs quota can not be less than 1ms (i.e. 1000)")]
    [TestCase("\"CpusetCpus\":\"x\"", "Invalid value x for cpuset cpus: invalid format: x")]
    [TestCase("\"DeviceCgroupRules\":[\"foo\"]", "invalid device cgroup rule format: 'foo'")]
    [TestCase("\"BlkioWeight\":5", "Range of blkio weight is from 10 to 1000: BlkioWeight is 5")]
    public void Refuses_limits_out_of_range(string members, string message) =>
        Assert.That(CreateBodies.HostRefusal(members).Message, Is.EqualTo(message));

    [TestCase("\"Memory\":6291456")]
    [TestCase("\"Memory\":6291456,\"MemorySwap\":-1")]
    [TestCase("\"CpuQuota\":-1")]
    [TestCase("\"CpusetCpus\":\"0-1,3\"")]
    [TestCase("\"DeviceCgroupRules\":[\"c 1:3 rwm\",\"a *:* r\"]")]
    public void Takes_limits_at_the_edge(string members) => Assert.DoesNotThrow(() => CreateBodies.Host(members));

    [Test]
    public void Warns_when_nothing_stops_a_container_that_eats_all_memory()
    {
        var reading = CreateBodies.Read("""{"Image":"x","HostConfig":{"OomKillDisable":true}}""");

        Assert.That(reading.Warnings, Has.One.StartsWith("OOM killer is disabled for the container"));
    }
}
