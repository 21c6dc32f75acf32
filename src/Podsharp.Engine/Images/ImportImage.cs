using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images.Changes;

namespace Podsharp.Engine.Images;

/// <summary>Makes an image of one layer out of a root file system.</summary>
public sealed class ImportImage(IImageArchives archives, IImagePolicy policy, IHost host, EventPublisher events, TimeProvider clock)
{
    public async Task<Image> RunAsync(ImportImageRequest request, CancellationToken cancellationToken)
    {
        var name = NewImageName.Parse(request.Repository, request.Tag);
        if (request.Platform is { Os: not "linux" } other)
            throw EngineException.InvalidInput($"operating system is not supported: {other.Os}; images here are for linux");

        policy.JudgeArchive(ImageArchiveForm.FileSystem).RequireAccepted();
        var config = new ImageConfig
        {
            Created = clock.GetUtcNow(),
            Architecture = request.Platform is { Architecture.Length: > 0 } platform ? platform.Architecture : host.Facts.Architecture,
            Variant = request.Platform is { Variant.Length: > 0 } exact ? exact.Variant : null,
            Comment = request.Message.Length > 0 ? request.Message : "Imported from -",
            Process = ChangeLines.Apply(request.Changes, new ImageProcess()),
        };

        var image = await archives.ImportAsync(request.Archive, config, name, cancellationToken);
        if (name is not null) events.Image(image, "tag", name.Familiar);
        events.Image(image, "import", image.Id.ToString());
        return image;
    }
}
