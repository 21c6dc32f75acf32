using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Images;

namespace Podsharp.Testing;

/// <summary>Answers loads with what the test says and makes imports' images up from the bytes it is given.</summary>
public sealed class FakeImageArchives(IImageStore images) : IImageArchives
{
    /// <summary>What the next load finds in its archive.</summary>
    public List<LoadedImage> Archive { get; } = [];

    public Exception? Failure { get; set; }

    public ImageArchiveForm Form { get; set; }

    /// <summary>What the last load asked for.</summary>
    public IReadOnlyList<Platform> Platforms { get; private set; } = [];

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, IReadOnlyList<Platform> platforms, Action<ImageArchiveForm> admit, CancellationToken cancellationToken)
    {
        await archive.CopyToAsync(Stream.Null, cancellationToken);
        Platforms = platforms;
        admit(Form);
        if (Failure is not null) throw Failure;
        var loaded = new List<LoadedImage>();
        foreach (var found in Archive)
            loaded.Add(found with { Image = await images.AddAsync(found.Image with { Tags = found.Tags }, cancellationToken) });
        return loaded;
    }

    public async Task<Image> ImportAsync(Stream tar, ImageConfig config, ImageReference? tag, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await tar.CopyToAsync(content, cancellationToken);
        if (Failure is not null) throw Failure;
        var layer = Digest.FromHash(SHA256.HashData(content.ToArray()));
        var image = new Image
        {
            Id = Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes($"{config.Created:O} {config.Comment} {layer}"))),
            Layers = [layer],
            Size = content.Length,
            Config = config,
            Tags = tag is null ? [] : [tag],
        };
        return await images.AddAsync(image, cancellationToken);
    }
}
