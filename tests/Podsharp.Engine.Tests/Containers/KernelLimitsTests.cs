using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class KernelLimitsTests
{
    [Test]
    public void Swappiness_and_the_oom_killer_s_switch_are_left_out_on_the_second_version_of_control_groups()
    {
        var warnings = new List<string>();

        var kept = KernelLimits.Kept(
            new ResourceLimits { Memory = 1 << 30, MemorySwappiness = 0, DisableOomKiller = true }, new FakeHost().Facts with { CgroupVersion = 2 }, warnings);

        Assert.That((kept.Memory, kept.MemorySwappiness, kept.DisableOomKiller), Is.EqualTo((1L << 30, (long?)null, (bool?)null)));
        Assert.That(warnings, Has.Count.EqualTo(2).And.Some.Contains("swappiness").And.Some.Contains("OomKillDisable"));
    }

    [Test]
    public void On_the_first_version_they_are_kept()
    {
        var warnings = new List<string>();

        var kept = KernelLimits.Kept(new ResourceLimits { MemorySwappiness = 0, DisableOomKiller = true }, new FakeHost().Facts with { CgroupVersion = 1 }, warnings);

        Assert.That((kept.MemorySwappiness, kept.DisableOomKiller, warnings.Count), Is.EqualTo(((long?)0, (bool?)true, 0)));
    }

    [Test]
    public void Weights_are_left_out_where_no_scheduler_knows_them()
    {
        var warnings = new List<string>();

        var kept = KernelLimits.Kept(
            new ResourceLimits { BlkioWeight = 300, BlkioWeightDevice = [new DeviceWeight("/dev/sda", 100)] }, new FakeHost().Facts with { BlockWeight = false }, warnings);

        Assert.That((kept.BlkioWeight, kept.BlkioWeightDevice.Count, warnings.Count), Is.EqualTo((0, 0, 2)));
    }

    [Test]
    public void Memory_without_a_count_of_swap_is_limited_and_told()
    {
        var warnings = new List<string>();

        var kept = KernelLimits.Kept(new ResourceLimits { Memory = 1 << 30 }, new FakeHost().Facts with { SwapLimit = false }, warnings);

        Assert.That((kept.Memory, warnings.Single()), Is.EqualTo((1L << 30, "Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.")));
    }
}
