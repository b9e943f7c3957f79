# docker buildx bake --file deploy/docker-bake.hcl            every service, for the machine that builds
# docker buildx bake --file deploy/docker-bake.hcl --push release    for amd64 and arm64, to the registry
# docker buildx bake --file deploy/docker-bake.hcl gpu        stages with the CUDA provider

variable "REGISTRY" { default = "ghcr.io/mien" }
variable "TAG" { default = "0.1.0" }
variable "MODELS" { default = "baked" }

group "default" { targets = ["services", "without-models"] }
group "release" { targets = ["services-release", "without-models-release"] }

target "base" {
  context    = "."
  dockerfile = "deploy/Dockerfile"
  target     = "service"
}

# Stages hold models; the library, which runs none, reads of which model its templates are.
target "services" {
  inherits = ["base"]
  name     = service
  matrix   = { service = ["detector", "landmark", "attributes", "liveness", "embedder", "library"] }
  args     = { SERVICE = service, MODELS = service == "library" && MODELS == "baked" ? "manifest" : MODELS }
  tags     = ["${REGISTRY}/mien-${service}:${TAG}"]
}

target "without-models" {
  inherits = ["base"]
  name     = service
  matrix   = { service = ["gateway", "notifier", "cli"] }
  args     = { SERVICE = service, MODELS = "mounted" }
  tags     = ["${REGISTRY}/mien-${service}:${TAG}"]
}

target "services-release" {
  name      = "${service}-release"
  matrix    = { service = ["detector", "landmark", "attributes", "liveness", "embedder", "library"] }
  inherits  = [service]
  platforms = ["linux/amd64", "linux/arm64"]
}

target "without-models-release" {
  name      = "${service}-release"
  matrix    = { service = ["gateway", "notifier", "cli"] }
  inherits  = [service]
  platforms = ["linux/amd64", "linux/arm64"]
}

target "gpu" {
  inherits  = ["base"]
  name      = "${service}-gpu"
  matrix    = { service = ["detector", "landmark", "attributes", "liveness", "embedder"] }
  args      = { SERVICE = service, MODELS = MODELS, DEVICE = "gpu" }
  tags      = ["${REGISTRY}/mien-${service}:${TAG}-cuda"]
  platforms = ["linux/amd64"]
}
