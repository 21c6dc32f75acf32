using System.Text;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Writes the names of what is saved, an image a line, and fails after that where a test says so.</summary>
public sealed class FakeImageExports : IImageExports
{
    public List<IReadOnlyList<ImageToSave>> Opened { get; } = [];

    public Exception? FailureInTheMiddle { get; set; }

    public IOutgoingArchive Open(IReadOnlyList<ImageToSave> images)
    {
        Opened.Add(images);
        return new Archive(images, FailureInTheMiddle);
    }

    private sealed class Archive(IReadOnlyList<ImageToSave> images, Exception? failure) : IOutgoingArchive
    {
        public async Task WriteToAsync(Stream target, CancellationToken cancellationToken)
        {
            foreach (var (image, names, platformNames) in images)
                await target.WriteAsync(Encoding.UTF8.GetBytes($"{image.Id.Short} {string.Join(' ', names.Select(name => name.Familiar).Concat(platformNames.Select(name => $"({name.Familiar})")))}\n"), cancellationToken);
            if (failure is not null) throw failure;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
