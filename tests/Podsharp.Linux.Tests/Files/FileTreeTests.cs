using NUnit.Framework;
using Podsharp.Linux.Files;

namespace Podsharp.Linux.Tests.Files;

public sealed class FileTreeTests
{
    [TestCase("/", "proc", true)]
    [TestCase("/sys", "fs", true)]
    [TestCase("/usr", "include", false)]
    [TestCase("/", "nothing-of-this-name", false)]
    public void What_is_mounted_below_a_name_is_found(string directory, string name, bool holds)
    {
        using var parent = DirectoryHandle.Open(directory);

        Assert.That(FileTree.HoldsMount(parent, name), Is.EqualTo(holds));
    }
}
