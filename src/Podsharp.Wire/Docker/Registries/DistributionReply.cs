using Podsharp.Wire.Docker.Images;

namespace Podsharp.Wire.Docker.Registries;

/// <summary>Reply of GET /distribution/NAME/json.</summary>
public sealed record DistributionReply(DescriptorReply Descriptor, IReadOnlyList<PlatformReply> Platforms);
