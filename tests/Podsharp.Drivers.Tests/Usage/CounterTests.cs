using Podsharp.Core.Runtime;
using Podsharp.Drivers.Usage;

namespace Podsharp.Drivers.Tests.Usage;

/// <summary>On files as kernels have written them.</summary>
public sealed class CounterTests
{
    private static readonly MachineCounters Machine = new(5_000_000_000, 2, 8UL << 30);
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("podsharp-usage-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void One_hierarchy_tells_all_in_its_own_units()
    {
        Write("cpu.stat", "usage_usec 99451\nuser_usec 50000\nsystem_usec 49451\nnr_periods 7\nnr_throttled 3\nthrottled_usec 12\n");
        Write("memory.current", "491520\n");
        Write("memory.max", "67108864\n");
        Write("memory.stat", "anon 57344\nfile 4096\ninactive_file 2048\nkernel 1\n");
        Write("memory.events", "low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\n");
        Write("pids.current", "4\n");
        Write("pids.max", "max\n");
        Write("io.stat", "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n7:1 \n");

        var usage = UnifiedCounters.Read(_directory, Machine, DateTimeOffset.UnixEpoch);

        Assert.That(usage.Processor, Is.EqualTo(new ProcessorUsage(99_451_000, null, 49_451_000, 50_000_000, 5_000_000_000, 2, new ThrottledTime(7, 3, 12_000))));
        Assert.That((usage.Memory.Used, usage.Memory.Failures, usage.Memory.Limit), Is.EqualTo((491_520UL, 2UL, 67_108_864UL)));
        Assert.That(usage.Memory.Details, Is.EquivalentTo(new Dictionary<string, ulong> { ["anon"] = 57344, ["file"] = 4096, ["inactive_file"] = 2048 }));
        Assert.That((usage.Processes, usage.ProcessLimit), Is.EqualTo((4L, (long?)null)));
        Assert.That(usage.TransferredBytes, Is.EqualTo(new[] { new DeviceTransfer(8, 0, "read", 4096), new DeviceTransfer(8, 0, "write", 8192) }));
        Assert.That(usage.TransferOperations, Is.Null);
    }

    [Test]
    public void Separate_hierarchies_are_read_each_in_its_place()
    {
        Write("cpuacct/g/cpuacct.usage", "99451005\n");
        Write("cpuacct/g/cpuacct.usage_percpu", "99451005 0 \n");
        Write("cpuacct/g/cpuacct.stat", "user 5\nsystem 4\n");
        Write("cpu/g/cpu.stat", "nr_periods 1\nnr_throttled 2\nthrottled_time 3\n");
        Write("memory/g/memory.usage_in_bytes", "491520\n");
        Write("memory/g/memory.max_usage_in_bytes", "12980224\n");
        Write("memory/g/memory.limit_in_bytes", "9223372036854771712\n");
        Write("memory/g/memory.failcnt", "0\n");
        Write("memory/g/memory.stat", "cache 1\nswap 2\ntotal_cache 3\nhierarchical_memory_limit 4\n");
        Write("pids/g/pids.current", "1\n");
        Write("pids/g/pids.max", "2048\n");
        Write("blkio/g/blkio.throttle.io_service_bytes", "8:0 Read 4096\n8:0 Write 0\n8:0 Total 4096\nTotal 4096\n");
        var groups = new GroupDirectories("5:cpuacct:/g\n4:cpu:/g\n3:memory:/g\n2:pids:/g\n1:blkio:/g\n0::/\n", _directory);

        var usage = SeparateCounters.Read(groups, Machine, DateTimeOffset.UnixEpoch);

        Assert.That(usage.Processor with { PerProcessor = null }, Is.EqualTo(new ProcessorUsage(99_451_005, null, 40_000_000, 50_000_000, 5_000_000_000, 2, new ThrottledTime(1, 2, 3))));
        Assert.That(usage.Processor.PerProcessor, Is.EqualTo(new[] { 99_451_005UL, 0UL }));
        Assert.That((usage.Memory.Used, usage.Memory.Peak, usage.Memory.Limit), Is.EqualTo((491_520UL, 12_980_224UL, 8UL << 30)));
        Assert.That(usage.Memory.Details, Is.EquivalentTo(new Dictionary<string, ulong> { ["cache"] = 1, ["total_cache"] = 3, ["hierarchical_memory_limit"] = 4 }));
        Assert.That((usage.Processes, usage.ProcessLimit), Is.EqualTo((1L, (long?)2048)));
        Assert.That(usage.TransferredBytes.Select(transfer => (transfer.Direction, transfer.Value)), Is.EqualTo(new[] { ("Read", 4096UL), ("Write", 0UL), ("Total", 4096UL) }));
        Assert.That(usage.TransferOperations, Is.Empty);
    }

    [Test]
    public void The_root_group_is_the_machines_and_not_the_containers()
    {
        var groups = new GroupDirectories("3:memory:/\n0::/\n", _directory);

        Assert.That(SeparateCounters.Read(groups, Machine, DateTimeOffset.UnixEpoch).Memory.Used, Is.Zero);
    }

    [Test]
    public void The_machines_time_is_that_of_all_its_processors_without_the_guests()
    {
        var machine = MachineCounters.Parse("cpu  1 2 3 4 5 6 7 100 100 100\ncpu0 1 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\nintr 5\n", 1);

        Assert.That((machine.ProcessorTime, machine.Processors), Is.EqualTo((280_000_000UL, 2)));
    }

    [Test]
    public void Interfaces_are_told_by_name_without_loopback()
    {
        const string text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    9000      90    0    0    0     0          0         0     9000      90    0    0    0     0       0          0
              eth0:    1626      15    1    2    0     0          0         0      516       6    3    4    0     0       0          0
            """;

        Assert.That(InterfaceTable.Parse(text), Is.EquivalentTo(new Dictionary<string, InterfaceUsage> { ["eth0"] = new(1626, 15, 1, 2, 516, 6, 3, 4) }));
    }

    private void Write(string file, string text)
    {
        var path = Path.Join(_directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
