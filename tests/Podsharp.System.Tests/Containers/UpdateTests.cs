namespace Podsharp.System.Tests.Containers;

public sealed class UpdateTests : EngineTest
{
    [Test]
    public async Task Limits_of_a_running_container_change_at_once_and_stay()
    {
        var name = await RunIdleAsync("--network", "none", "--memory", "64m");

        await Docker.OutputAsync("update", "--memory", "96m", "--cpus", "0.5", "--pids-limit", "50", name);

        var limits = await Docker.OutputAsync(
            "exec", name, "sh", "-c",
            "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max");
        Assert.That(limits, Is.EqualTo($"{96 << 20}\n50"));
        Assert.That(
            await Docker.InspectAsync(name, "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}"), Is.EqualTo($"{96 << 20} 500000000 50"));
    }

    [Test]
    public async Task The_restart_policy_can_be_changed()
    {
        var name = await RunIdleAsync("--network", "none");

        await Docker.OutputAsync("update", "--restart", "on-failure:3", name);

        Assert.That(await Docker.InspectAsync(name, "{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}"), Is.EqualTo("on-failure:3"));
    }

    [TestCase("--memory", "512m", "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time")]
    [TestCase("--cpu-quota", "50000", "CPU Quota cannot be updated as NanoCPUs has already been set")]
    [TestCase("--restart", "always", "Restart policy cannot be updated because AutoRemove is enabled for the container")]
    [TestCase("--memory", "1m", "Minimum memory limit allowed is 6MB")]
    public async Task What_does_not_go_together_is_refused(string option, string value, string message)
    {
        var name = await RunIdleAsync("--rm", "--network", "none", "--memory", "64m", "--cpus", "0.5");

        var result = await Docker.RunAsync("update", option, value, name);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain(message));
        Assert.That(await Docker.InspectAsync(name, "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}"), Is.EqualTo($"{64 << 20} no"));
    }
}
