namespace Podsharp.System.Tests.Containers;

/// <summary>Limits as the kernel holds them, in the container's cgroup of version 1 or 2.</summary>
public sealed class ResourceTests : EngineTest
{
    private static readonly bool IsVersion2 = File.Exists("/sys/fs/cgroup/cgroup.controllers");

    [Test]
    public async Task Memory_is_limited()
    {
        var container = await RunIdleAsync("-m", "64m");

        Assert.That(await ReadAsync(container, "memory", "memory.limit_in_bytes", "memory.max"), Is.EqualTo("67108864"));
    }

    [Test]
    public async Task A_container_beyond_its_memory_is_killed_and_inspect_says_so()
    {
        var name = NewName();
        var result = await Docker.RunAsync("run", "--name", name, "--network", "none", "-m", "16m", "--memory-swap", "16m", Image, "dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1");

        Assert.That(result.ExitCode, Is.EqualTo(137));
        Assert.That(await Docker.InspectAsync(name, "{{.State.OOMKilled}}"), Is.EqualTo("true"));
    }

    [Test]
    public async Task Processor_time_is_limited()
    {
        var container = await RunIdleAsync("--cpus", "0.5");

        var quota = IsVersion2
            ? await ReadAsync(container, "", "", "cpu.max")
            : await ReadAsync(container, "cpu", "cpu.cfs_quota_us", "") + " " + await ReadAsync(container, "cpu", "cpu.cfs_period_us", "");

        Assert.That(quota, Is.EqualTo("50000 100000"));
    }

    [Test]
    public async Task Processor_shares_are_weighed()
    {
        var container = await RunIdleAsync("--cpu-shares", "512");

        var weight = int.Parse(await ReadAsync(container, "cpu", "cpu.shares", "cpu.weight"));

        // How shares become weights has changed between versions of the runtimes; half the default is less than the default in all of them.
        if (IsVersion2) Assert.That(weight, Is.Positive.And.LessThan(100));
        else Assert.That(weight, Is.EqualTo(512));
    }

    [Test]
    public async Task Processors_can_be_chosen()
    {
        var container = await RunIdleAsync("--cpuset-cpus", "0");

        Assert.That(await ReadAsync(container, "cpuset", "cpuset.cpus", "cpuset.cpus"), Is.EqualTo("0"));
    }

    [Test]
    public async Task Processes_are_limited()
    {
        var container = await RunIdleAsync("--pids-limit", "77");

        Assert.That(await ReadAsync(container, "pids", "pids.max", "pids.max"), Is.EqualTo("77"));
    }

    private static async Task<string> ReadAsync(string container, string controller, string file1, string file2)
    {
        var pid = await Docker.InspectAsync(container, "{{.State.Pid}}");
        foreach (var line in await File.ReadAllLinesAsync($"/proc/{pid}/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (IsVersion2 && parts[0] == "0") return await ReadFileAsync($"/sys/fs/cgroup{parts[2]}/{file2}");
            if (!IsVersion2 && parts[1].Split(',').Contains(controller)) return await ReadFileAsync($"/sys/fs/cgroup/{controller}{parts[2]}/{file1}");
        }

        throw new InvalidOperationException($"{container} is in no cgroup of {controller}");
    }

    private static async Task<string> ReadFileAsync(string path) => (await File.ReadAllTextAsync(path)).Trim();
}
