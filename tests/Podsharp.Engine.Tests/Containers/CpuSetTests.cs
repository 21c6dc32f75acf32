using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class CpuSetTests
{
    private static readonly HostFacts Host = new FakeHost().Facts with { OnlineProcessors = "0-1,3,4-5", MemoryNodes = "0" };

    [TestCase("")]
    [TestCase("0")]
    [TestCase("0-1,5")]
    [TestCase("3-5")]
    public void Takes_processors_that_are_there(string asked) =>
        Assert.That(() => CpuSet.Check(new ResourceLimits { CpusetCpus = asked }, Host), Throws.Nothing);

    [TestCase("2")]
    [TestCase("0-5")]
    [TestCase("0,99")]
    [TestCase("0-99999999999999999999")]
    public void Refuses_processors_that_are_not_there(string asked) =>
        Assert.That(
            () => CpuSet.Check(new ResourceLimits { CpusetCpus = asked }, Host),
            Throws.TypeOf<EngineException>().With.Message.EqualTo($"Requested CPUs are not available - requested {asked}, available: 0-1,3,4-5"));

    [Test]
    public void Refuses_memory_nodes_that_are_not_there() =>
        Assert.That(
            () => CpuSet.Check(new ResourceLimits { CpusetMems = "7" }, Host),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("Requested memory nodes are not available - requested 7, available: 0"));

    [Test]
    public void Refuses_more_processors_than_there_are() =>
        Assert.That(
            () => CpuSet.Check(new ResourceLimits { NanoCpus = 2_000_000_001 }, Host with { Processors = 2 }),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"));

    [Test]
    public void Refuses_a_range_that_runs_backwards() =>
        Assert.That(
            () => CpuSet.Check(new ResourceLimits { CpusetCpus = "1-0" }, Host),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("Invalid value 1-0 for cpuset cpus: invalid format: 1-0"));
}
