using Podsharp.Core.Host;
using Podsharp.Drivers.Host;

namespace Podsharp.Drivers.Tests.Host;

public sealed class VitalsReaderTests
{
    [TestCase("MemFree", 2048)]
    [TestCase("SwapTotal", 0)]
    [TestCase("SwapFree", 0)]
    public void Memory_is_told_in_bytes(string field, long bytes) =>
        Assert.That(VitalsReader.Memory("MemTotal:       10 kB\nMemFree:         2 kB\nSwapTotal:       0 kB\n", field), Is.EqualTo(bytes));

    [Test]
    public void Processor_time_is_shared_out_over_user_system_and_idle() =>
        Assert.That(VitalsReader.ProcessorShares("cpu  10 10 15 40 10 10 5 0 0 0\ncpu0 1 1 1 1 1 1 1\n"), Is.EqualTo((20.0, 30.0, 50.0)));

    [Test]
    public void A_map_of_ids_is_read_line_by_line() =>
        Assert.That(
            VitalsReader.IdMap("         0       1000          1\n         1     100000      65536\n"),
            Is.EqualTo(new[] { new IdRange(0, 1000, 1), new IdRange(1, 100000, 65536) }));

    [Test]
    public void The_machine_s_own_vitals_are_plausible()
    {
        var vitals = VitalsReader.Read("/");

        Assert.That(vitals.Uptime, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(vitals.UserPercent + vitals.SystemPercent + vitals.IdlePercent, Is.EqualTo(100).Within(0.1));
        Assert.That(vitals.StoreUsed, Is.Positive.And.LessThanOrEqualTo(vitals.StoreAllocated));
    }
}
