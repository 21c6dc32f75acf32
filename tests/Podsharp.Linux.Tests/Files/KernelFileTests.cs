using Podsharp.Linux.Files;

namespace Podsharp.Linux.Tests.Files;

public sealed class KernelFileTests
{
    [Test]
    public void A_file_of_the_kernel_is_read_although_it_has_no_length() =>
        Assert.That(KernelFile.TryRead("/proc/self/comm"), Is.EqualTo(File.ReadAllText("/proc/self/comm")));

    [Test]
    public void A_file_larger_than_the_first_room_is_read_to_its_end()
    {
        var path = Path.GetTempFileName();
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number}\n"));
        File.WriteAllText(path, text);

        Assert.That(KernelFile.TryRead(path), Is.EqualTo(text));
        File.Delete(path);
    }

    [TestCase("/proc/self/no-such-file")]
    [TestCase("/proc/self")]
    public void What_cannot_be_read_is_no_failure(string path) => Assert.That(KernelFile.TryRead(path), Is.Null);
}
