using Podsharp.Linux.Mounts;

namespace Podsharp.Linux.Tests.Mounts;

public sealed class MountWordsTests
{
    [Test]
    public void Tells_flags_propagation_and_data_apart()
    {
        var words = MountWords.Parse(["rbind", "ro", "nosuid", "rslave", "size=1m", "defaults", "addr=::1"]);

        Assert.That(words.Flags, Is.EqualTo(MountFlags.Bind | MountFlags.Recursive | MountFlags.ReadOnly | MountFlags.NoSetId));
        Assert.That(words.Propagation, Is.EqualTo(MountFlags.Slave | MountFlags.Recursive));
        Assert.That(words.Data, Is.EqualTo("size=1m,addr=::1"));
    }

    [Test]
    public void The_last_of_two_opposites_wins() => Assert.That(MountWords.Parse(["ro", "rw", "exec", "noexec"]).Flags, Is.EqualTo(MountFlags.NoExecution));

    [Test]
    public void A_line_of_the_table_tells_how_it_is_shared()
    {
        var mounts = MountTable.Parse(
        [
            "26 1 254:0 / / rw shared:1 - ext4 /dev/vda rw", "27 26 0:5 / /a rw master:2 - tmpfs x rw", "28 26 0:6 / /b rw - tmpfs y rw",
        ]);

        Assert.That(mounts.Select(mount => (mount.IsShared, mount.IsSlave)), Is.EqualTo(new[] { (true, false), (false, true), (false, false) }));
    }
}
