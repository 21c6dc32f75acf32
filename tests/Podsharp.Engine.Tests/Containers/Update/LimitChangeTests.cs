using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Update;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Update;

public sealed class LimitChangeTests
{
    private const long Mebibyte = 1 << 20;

    [Test]
    public void Only_what_is_asked_for_changes()
    {
        var present = new ResourceLimits { Memory = 64 * Mebibyte, CpuShares = 512, PidsLimit = 10 };

        var merged = LimitChange.Merge(present, new ResourceLimits { CpuShares = 256 });

        Assert.That(merged, Is.EqualTo(present with { CpuShares = 256 }));
    }

    [TestCase(20, 20)]
    [TestCase(-1, 4_194_304)]
    public void Processes_without_a_limit_are_as_many_as_the_kernel_can_number(long asked, long told) =>
        Assert.That(LimitChange.Resources(new ResourceLimits(), new ResourceLimits { PidsLimit = asked }, new FakeHost().Facts)!.Pids!.Limit, Is.EqualTo(told));

    [Test]
    public void Swap_that_nobody_asked_for_keeps_the_size_it_was_made_with()
    {
        var merged = LimitChange.Merge(new ResourceLimits { Memory = 64 * Mebibyte }, new ResourceLimits { Memory = 96 * Mebibyte });

        Assert.That((merged.Memory, merged.MemorySwap), Is.EqualTo((96 * Mebibyte, 128 * Mebibyte)));
    }

    [Test]
    public void Memory_beyond_the_swap_limit_wants_a_new_swap_limit()
    {
        var present = new ResourceLimits { Memory = 64 * Mebibyte };
        var asked = new ResourceLimits { Memory = 200 * Mebibyte };

        Assert.That(LimitChange.Conflict(present, asked), Does.Contain("update the memoryswap at the same time"));
        Assert.That(LimitChange.Conflict(present, asked with { MemorySwap = -1 }), Is.Null);
    }

    [Test]
    public void Whole_processors_and_quotas_exclude_each_other()
    {
        Assert.That(LimitChange.Conflict(new ResourceLimits { CpuQuota = 1000 }, new ResourceLimits { NanoCpus = 1 }), Does.Contain("CPU Quota has already been set"));
        Assert.That(LimitChange.Conflict(new ResourceLimits { NanoCpus = 1 }, new ResourceLimits { CpuPeriod = 1000 }), Does.Contain("NanoCPUs has already been set"));
    }
}
