using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Tests.OciRuntime;

public sealed class MigrationLockTests
{
    [Test]
    public void The_own_group_is_found_from_the_membership()
    {
        var file = MigrationLock.OwnGroupFile(File.ReadAllText("/proc/self/cgroup"));

        Assert.That(file, Is.Not.Null);
        Assert.That(File.ReadAllLines(file!), Does.Contain(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void A_group_that_is_not_to_be_seen_from_here_is_none() =>
        Assert.That(MigrationLock.OwnGroupFile("0::/no/such/group\n3:cpu:/\n"), Is.Null);

    [Test]
    public async Task Anticipating_often_neither_fails_nor_moves_anybody()
    {
        var before = await File.ReadAllTextAsync("/proc/self/cgroup");
        var migration = new MigrationLock();

        for (var i = 0; i < 20; i++)
        {
            migration.Anticipate();
            await Task.Delay(2);
        }

        Assert.That(await File.ReadAllTextAsync("/proc/self/cgroup"), Is.EqualTo(before));
    }
}
