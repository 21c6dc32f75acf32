using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

public sealed class ImageLocksTests
{
    [Test]
    public async Task The_second_to_enter_waits_for_the_first_to_leave()
    {
        var locks = new ImageLocks();
        var image = Samples.Digest("one");
        var first = await locks.EnterAsync(image, ImageRoom.Token);
        var second = locks.EnterAsync(image, ImageRoom.Token).AsTask();
        Assert.That(second.IsCompleted, Is.False);
        first.Dispose();
        (await second.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }
}
